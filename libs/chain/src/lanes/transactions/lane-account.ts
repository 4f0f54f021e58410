import { type Attempt, HoldError, type PreparedTransaction } from '#core';
import type { Fee } from '../../fees/fee-estimator.service.js';

/** The account of a lane, as its tenure needs it. */
export interface LaneAccount {
  /** EIP-55 address. */
  readonly address: string;
  /** Signs the first attempt of a slot. @throws HoldError without the key */
  sign(transaction: PreparedTransaction, nonce: number, fee: Fee): Attempt;
  /** Signs the same transaction, with the same nonce, for another fee and gas limit. @throws HoldError without the key */
  signReplacement(attempt: Attempt, fee: Fee, gasLimit: bigint): Attempt;
}

/** An account whose key is not in the configuration any more: what it signed before is all that it can send. */
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
