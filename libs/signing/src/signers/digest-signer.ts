import { SignerMismatchError } from '../signer.errors.js';
import { digestOf, encodeSigned } from '../transaction-encoding.js';
import type { TransactionSigner } from '../transaction-signer.js';
import type { UnsignedTransaction } from '../unsigned-transaction.js';
import { recoverAddress } from '../verify-signed.js';
import { CURVE_ORDER } from './curve.js';

/** ECDSA signature without what recovers the key from it. */
export interface PlainSignature {
  readonly r: bigint;
  readonly s: bigint;
}

/** Signs with a key service that signs digests. Such services return any s, and no recovery id. */
export class DigestSigner implements TransactionSigner {
  constructor(
    readonly name: string,
    readonly address: string,
    /** @param digest 32 bytes */
    private readonly signDigest: (digest: Uint8Array, signal: AbortSignal) => Promise<PlainSignature>,
  ) {}

  async sign(transaction: UnsignedTransaction, signal: AbortSignal): Promise<Uint8Array> {
    const digest = digestOf(transaction);
    const { r, s } = await this.signDigest(Buffer.from(digest.slice(2), 'hex'), signal);
    const low = s > CURVE_ORDER / 2n ? CURVE_ORDER - s : s;
    const candidates = ([0, 1] as const).map((yParity) => ({ r, s: low, yParity }));
    const signature = candidates.find((each) => recoverAddress(digest, each) === this.address);
    if (signature === undefined) throw new SignerMismatchError(`a signature that ${this.address} did not make`);
    return encodeSigned(transaction, signature);
  }
}
