import { keccak256 } from 'ethers';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { registerWasmKeccak } from './wasm-keccak.js';

describe('useFastKeccak', () => {
  it('changes no hash', async () => {
    const samples = fc.sample(fc.uint8Array({ size: 'large' }), 50);
    const slow = samples.map((bytes) => keccak256(bytes));
    await registerWasmKeccak();
    expect(samples.map((bytes) => keccak256(bytes))).toEqual(slow);
    expect(keccak256('0x')).toBe('0xc5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470');
  });
});
