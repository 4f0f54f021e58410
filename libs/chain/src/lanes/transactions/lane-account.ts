import { type Attempt, HoldError, type PreparedTransaction } from '#core';
import type { Fee } from '../../fees/fee-estimator.service.js';

/** Signing account of a lane. */
export interface LaneAccount {
  /** EIP-55 address. */
  readonly address: string;
  /** Signs the first attempt of a slot. @throws HoldError when the key is not configured */
  sign(transaction: PreparedTransaction, nonce: number, fee: Fee): Attempt;
  /**
   * Signs the same transaction with the same nonce, and a new fee and gas limit.
   *
   * @throws HoldError when the key is not configured
   */
  signReplacement(attempt: Attempt, fee: Fee, gasLimit: bigint): Attempt;
}

/** An account whose key is not configured. Its lane can only rebroadcast what is already signed. */
export class ReadOnlyAccount implements LaneAccount {
  constructor(readonly address: string) {}

  sign(): never {
    throw this.missingKey();
  }

  signReplacement(): never {
    throw this.missingKey();
  }

  private missingKey(): HoldError {
    return new HoldError('no_lane', `the key of ${this.address} is not configured`);
  }
}
