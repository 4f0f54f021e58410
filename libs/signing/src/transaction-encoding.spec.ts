import { computeAddress, getAddress, SigningKey, Transaction } from 'ethers';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SignerMismatchError } from './signer.errors.js';
import { CURVE_ORDER } from './signers/curve.js';
import { LocalKey } from './signers/local-key.js';
import { digestOf, encodeSigned } from './transaction-encoding.js';
import type { UnsignedTransaction } from './unsigned-transaction.js';
import { verifySigned } from './verify-signed.js';

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

const signer = new LocalKey('key', KEY.privateKey);
const ADDRESS = computeAddress(KEY);

describe('encodeSigned', () => {
  it('returns the same bytes as ethers', async () => {
    await fc.assert(
      fc.asyncProperty(transaction, async (unsigned) => {
        const expected = signedByEthers(unsigned);
        const signed = verifySigned(unsigned, ADDRESS, await signer.sign(unsigned));
        expect(signed).toEqual({ hash: expected.hash, raw: expected.serialized });
      }),
      { numRuns: 40 },
    );
  });

  it.each(['12345678', '0x123', '0x12zz'])('rejects calldata that is not hex: %s', async (data) => {
    const samples = fc.sample(transaction, 1);
    for (const sample of samples) await expect(signer.sign({ ...sample, data })).rejects.toThrow('no hex bytes');
  });
});

describe('verifySigned', () => {
  const ASKED: UnsignedTransaction = {
    chainId: 31337,
    nonce: 7,
    fee: { kind: 'eip1559', maxFeePerGas: 30n, maxPriorityFeePerGas: 2n },
    gasLimit: 100_000n,
    to: '0x5FbDB2315678afecb367f032d93F642f64180aa3',
    value: 0n,
    data: '0x1234567800',
  };
  const LEGACY: UnsignedTransaction = {
    ...ASKED,
    fee: { kind: 'legacy', maxFeePerGas: 30n, maxPriorityFeePerGas: 30n },
  };
  const verify = async (signed: UnsignedTransaction, asked = ASKED): Promise<unknown> =>
    verifySigned(asked, ADDRESS, await signer.sign(signed));

  it.each([
    ['chainId', { chainId: 1 }],
    ['nonce', { nonce: 8 }],
    ['maxPriorityFeePerGas', { fee: { ...ASKED.fee, maxPriorityFeePerGas: 3n } }],
    ['maxFeePerGas', { fee: { ...ASKED.fee, maxFeePerGas: 31n } }],
    ['gas', { gasLimit: 100_001n }],
    ['to', { to: ADDRESS }],
    ['to', { to: null }],
    ['value', { value: 1n }],
    ['data', { data: '0x1234567801' }],
  ] as const)('names an altered %s', async (field, changes) => {
    await expect(verify({ ...ASKED, ...changes })).rejects.toThrow(
      `a transaction with another ${field} than asked for`,
    );
  });

  it('rejects an access list', () => {
    const { chainId, nonce, gasLimit, to, value, data } = ASKED;
    const accessList = [{ address: ADDRESS, storageKeys: [] }];
    const fees = { type: 2, maxFeePerGas: 30n, maxPriorityFeePerGas: 2n };
    const signed = Transaction.from({ chainId, nonce, gasLimit, to, value, data, accessList, ...fees });
    signed.signature = KEY.sign(signed.unsignedHash);
    const bytes = Buffer.from(signed.serialized.slice(2), 'hex');
    expect(() => verifySigned(ASKED, ADDRESS, bytes)).toThrow('another accessList');
  });

  it.each([
    ['another type', LEGACY, ASKED, 'its type is not 2'],
    ['a legacy transaction of another type', ASKED, LEGACY, 'bytes that are not the transaction asked for'],
    ['a legacy signature for another chain', { ...LEGACY, chainId: 1 }, LEGACY, 'its signature is not for this chain'],
  ])('rejects %s', async (_title, signed, asked, sentence) => {
    await expect(verify(signed, asked)).rejects.toThrow(sentence);
  });

  it('rejects the signature of another key', async () => {
    const stranger = new LocalKey('stranger', `0x${'11'.repeat(32)}`);
    const bytes = await stranger.sign(ASKED);
    expect(() => verifySigned(ASKED, ADDRESS, bytes)).toThrow(
      `a signature of ${stranger.address} instead of ${ADDRESS}`,
    );
  });

  it('rejects a high s, which recovers the same address', async () => {
    const { r, s, yParity } = KEY.sign(digestOf(ASKED));
    const high = encodeSigned(ASKED, { r: BigInt(r), s: CURVE_ORDER - BigInt(s), yParity: yParity === 0 ? 1 : 0 });
    expect(() => verifySigned(ASKED, ADDRESS, high)).toThrow('a signature with a high s');
  });

  it('accepts no other bytes, for any change of one byte', async () => {
    const bytes = await signer.sign(ASKED);
    const change = fc.tuple(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }));
    fc.assert(
      fc.property(change, ([index, mask]) => {
        const changed = Uint8Array.from(bytes, (byte, at) => (at === index ? byte ^ mask : byte));
        expect(() => verifySigned(ASKED, ADDRESS, changed)).toThrow(SignerMismatchError);
      }),
      { numRuns: 500 },
    );
  });
});
