import { computeAddress, SigningKey } from 'ethers';
import { digestOf, encodeSigned } from '../transaction-encoding.js';
import type { TransactionSigner } from '../transaction-signer.js';
import type { UnsignedTransaction } from '../unsigned-transaction.js';

/** Returns the EIP-55 address of a key. @param privateKey 32 bytes as 0x-prefixed hex */
export function addressOfKey(privateKey: string): string {
  return computeAddress(privateKey);
}

/** Signs with a key in the memory of this process. The key cannot be read back, logged or serialized (S1). */
export class LocalKey implements TransactionSigner {
  readonly #key: SigningKey;
  readonly address: string;

  /** @param privateKey 32 bytes as 0x-prefixed hex */
  constructor(
    readonly name: string,
    privateKey: string,
  ) {
    this.#key = new SigningKey(privateKey);
    this.address = computeAddress(this.#key);
  }

  async sign(transaction: UnsignedTransaction): Promise<Uint8Array> {
    const { r, s, yParity } = this.#key.sign(digestOf(transaction));
    return encodeSigned(transaction, { r: BigInt(r), s: BigInt(s), yParity });
  }
}
