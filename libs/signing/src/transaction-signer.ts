import type { UnsignedTransaction } from './unsigned-transaction.js';

/**
 * Reaches one key, in this process or elsewhere. Only `PolicySigner` calls it, checks what it is asked to sign, and
 * verifies what it returns.
 */
export interface TransactionSigner {
  /** EIP-55 address of the key, as its owner says; verified by `PolicySigner`. */
  readonly address: string;
  /** URI without secrets, for holds and logs. */
  readonly name: string;
  /**
   * Returns the serialized signed transaction.
   *
   * @throws Error with the words of the provider when it does not sign
   */
  sign(transaction: UnsignedTransaction, signal: AbortSignal): Promise<Uint8Array>;
}
