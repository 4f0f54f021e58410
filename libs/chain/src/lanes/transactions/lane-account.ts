import { type Attempt, HoldError, type PreparedTransaction } from '#core';
import type { Fee, SigningAccount } from '#signing';

/** Signing account of a lane. */
export interface LaneAccount {
  /** EIP-55 address. */
  readonly address: string;
  /**
   * Signs a transaction as prepared.
   *
   * @throws HoldError when the key is not configured, the policy does not permit it or the signer does not sign
   */
  sign(transaction: PreparedTransaction, nonce: number, fee: Fee, account: SigningAccount): Promise<Attempt>;
  /**
   * Signs the same transaction with the same nonce, and a new fee and gas limit.
   *
   * @throws HoldError when the key is not configured, the policy does not permit it or the signer does not sign
   * @throws Error when another key signed the attempt
   */
  signReplacement(attempt: Attempt, fee: Fee, gasLimit: bigint, account: SigningAccount): Promise<Attempt>;
}

/** An account whose key is not configured. Its lane can only rebroadcast what is already signed. */
export class ReadOnlyAccount implements LaneAccount {
  constructor(readonly address: string) {}

  async sign(): Promise<never> {
    throw this.missingKey();
  }

  async signReplacement(): Promise<never> {
    throw this.missingKey();
  }

  private missingKey(): HoldError {
    return new HoldError('no_lane', `the key of ${this.address} is not configured`);
  }
}
