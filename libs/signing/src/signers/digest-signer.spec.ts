import { Signature, SigningKey, computeAddress } from 'ethers';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { UnsignedTransaction } from '../unsigned-transaction.js';
import { verifySigned } from '../verify-signed.js';
import { CURVE_ORDER } from './curve.js';
import { decodeDerSignature } from './der-signature.js';
import { DigestSigner } from './digest-signer.js';

const KEY = new SigningKey(`0x${'5a'.repeat(32)}`);
const ADDRESS = computeAddress(KEY);

/** The digest signature of a key service: `high` returns the other of the two valid values of s. */
const serviceOf = (key: SigningKey, high: boolean) => async (digest: Uint8Array) => {
  const { r, s } = Signature.from(key.sign(digest));
  return { r: BigInt(r), s: high ? CURVE_ORDER - BigInt(s) : BigInt(s) };
};

const transactionOf = (nonce: number): UnsignedTransaction => ({
  chainId: 31337,
  nonce,
  fee: { kind: 'eip1559', maxFeePerGas: 30n, maxPriorityFeePerGas: 2n },
  gasLimit: 100_000n,
  to: ADDRESS,
  value: 0n,
  data: '0x',
});
const { signal } = new AbortController();

describe('DigestSigner', () => {
  it('returns a low s and the right recovery id for each answer of the service', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(), fc.boolean(), async (nonce, high) => {
        const signer = new DigestSigner('kms', ADDRESS, serviceOf(KEY, high));
        const transaction = transactionOf(nonce);
        const bytes = await signer.sign(transaction, signal);
        expect(() => verifySigned(transaction, ADDRESS, bytes)).not.toThrow();
      }),
      { numRuns: 50 },
    );
  });

  it('rejects the signature of another key', async () => {
    const signer = new DigestSigner('kms', ADDRESS, serviceOf(new SigningKey(`0x${'77'.repeat(32)}`), false));
    await expect(signer.sign(transactionOf(1), signal)).rejects.toThrow(`a signature that ${ADDRESS} did not make`);
  });

  it('rejects the signature of another digest', async () => {
    const service = serviceOf(KEY, false);
    const signer = new DigestSigner('kms', ADDRESS, () => service(Buffer.alloc(32, 1)));
    await expect(signer.sign(transactionOf(1), signal)).rejects.toThrow('did not make');
  });
});

describe('decodeDerSignature', () => {
  it('reads integers with and without their sign byte', () => {
    expect(decodeDerSignature(Buffer.from('3007020200ff020102', 'hex'))).toEqual({ r: 255n, s: 2n });
  });

  it.each(['', '30', '3006020101', '3006020101020102ff', '3106020101020102', '3006030101020102', '300602010102ff02'])(
    'rejects %s',
    (hex) => {
      expect(() => decodeDerSignature(Buffer.from(hex, 'hex'))).toThrow('not in DER');
    },
  );
});
