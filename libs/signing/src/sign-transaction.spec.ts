import { getAddress, SigningKey, Transaction } from 'ethers';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { signTransaction } from './sign-transaction.js';
import type { UnsignedTransaction } from './unsigned-transaction.js';

const KEY = new SigningKey('0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d');

const hex = (constraints: fc.IntArrayConstraints) =>
  fc.uint8Array(constraints).map((bytes) => `0x${Buffer.from(bytes).toString('hex')}`);
const wei = fc.bigInt({ min: 0n, max: 2n ** 100n });
const anyFee = fc.oneof(
  wei.map((price) => ({ kind: 'legacy' as const, maxFeePerGas: price, maxPriorityFeePerGas: price })),
  fc.tuple(wei, wei).map(([tip, more]) => {
    return { kind: 'eip1559' as const, maxFeePerGas: tip + more, maxPriorityFeePerGas: tip };
  }),
);
const transaction: fc.Arbitrary<UnsignedTransaction> = fc.record({
  chainId: fc.integer({ min: 1, max: 2 ** 40 }),
  nonce: fc.oneof(fc.constantFrom(0, 1, 127, 128, 255, 256), fc.integer({ min: 0, max: 2 ** 40 })),
  fee: anyFee,
  gasLimit: fc.bigInt({ min: 0n, max: 2n ** 32n }),
  to: fc.option(hex({ minLength: 20, maxLength: 20 })),
  value: wei,
  // Around the lengths where RLP changes its form: one byte, 55 bytes, and a length of two bytes and more.
  data: fc.oneof(
    hex({ maxLength: 2 }),
    hex({ minLength: 50, maxLength: 60 }),
    hex({ minLength: 250, maxLength: 70_000 }),
  ),
});

/** The same through ethers. */
function signedByEthers({ chainId, nonce, fee, gasLimit, to, value, data }: UnsignedTransaction): Transaction {
  const { kind, maxFeePerGas, maxPriorityFeePerGas } = fee;
  const priced =
    kind === 'legacy' ? { type: 0, gasPrice: maxFeePerGas } : { type: 2, maxFeePerGas, maxPriorityFeePerGas };
  const signed = Transaction.from({
    chainId,
    nonce,
    gasLimit,
    to: to === null ? null : getAddress(to),
    value,
    data,
    ...priced,
  });
  signed.signature = KEY.sign(signed.unsignedHash);
  return signed;
}

describe('signTransaction', () => {
  it('returns the same bytes and hash as ethers', () => {
    fc.assert(
      fc.property(transaction, (unsigned) => {
        const expected = signedByEthers(unsigned);
        expect(signTransaction(unsigned, KEY)).toEqual({ hash: expected.hash, raw: expected.serialized });
      }),
      { numRuns: 40 },
    );
  });

  it.each(['12345678', '0x123', '0x12zz'])('rejects calldata that is not hex: %s', (data) => {
    const samples = fc.sample(transaction, 1);
    for (const sample of samples) expect(() => signTransaction({ ...sample, data }, KEY)).toThrow('no hex bytes');
  });
});
