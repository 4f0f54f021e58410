import { keccak256 } from 'ethers';
import { createKeccak } from 'hash-wasm';

/**
 * Makes ethers compute Keccak-256 in WebAssembly: 0.3 ms instead of 5.7 ms for a transaction of 51 kB, 4 µs instead of 20 µs
 * for an address.
 */
export async function registerWasmKeccak(): Promise<void> {
  const hash = await createKeccak(256);
  keccak256.register((bytes) => hash.init().update(bytes).digest('binary'));
}
