import { inspect } from 'node:util';
import { computeAddress, SigningKey, Transaction } from 'ethers';
import { type Attempt, type PreparedTransaction, unixNow } from '#core';
import type { Fee } from '../../fees/fee-estimator.service.js';
import { signTransaction, type UnsignedTransaction } from './sign-transaction.js';

/** One deployer key. The key itself cannot be read back from it, printed or serialised (S1). */
export class LaneSigner {
  readonly #key: SigningKey;
  /** EIP-55 address. */
  readonly address: string;

  /** @param privateKey 32 bytes as 0x-prefixed hex */
  constructor(
    privateKey: string,
    private readonly chainId: number,
  ) {
    this.#key = new SigningKey(privateKey);
    this.address = computeAddress(this.#key);
  }

  /** Signs the first attempt of a slot. */
  sign(transaction: PreparedTransaction, nonce: number, fee: Fee): Attempt {
    return this.signAttempt({ ...transaction, nonce, fee, chainId: this.chainId });
  }

  /**
   * Signs the same transaction, with the same nonce, for another fee and gas limit. What stands in the journal is signed again only when
   * it bears this key's signature already: whoever can write to Redis must not choose what the key signs.
   *
   * @throws Error for any other transaction
   */
  signReplacement(attempt: Attempt, fee: Fee, gasLimit: bigint): Attempt {
    const { from, chainId, to, data, value, nonce } = Transaction.from(attempt.raw);
    if (to === null) throw new Error('an attempt of ours calls a contract');
    if (from !== this.address || chainId !== BigInt(this.chainId)) {
      throw new Error('the journal holds an attempt that this key has not signed');
    }
    return this.signAttempt({ to, data, value, gasLimit, nonce, fee, chainId: this.chainId });
  }

  private signAttempt(transaction: UnsignedTransaction): Attempt {
    const { gasLimit, fee } = transaction;
    return {
      ...signTransaction(transaction, this.#key),
      gasLimit,
      maxFeePerGas: fee.maxFeePerGas,
      maxPriorityFeePerGas: fee.maxPriorityFeePerGas,
      signedAt: unixNow(),
    };
  }

  toJSON(): string {
    return this.address;
  }

  [inspect.custom](): string {
    return `LaneSigner ${this.address}`;
  }
}

/** Whether an attempt of ours was priced the legacy way. */
export function feeKind(attempt: Attempt): Fee['kind'] {
  return Transaction.from(attempt.raw).type === 2 ? 'eip1559' : 'legacy';
}
