import { inspect } from 'node:util';
import { computeAddress, SigningKey, Transaction } from 'ethers';
import { type Attempt, type PreparedTransaction, unixNow } from '#core';
import type { Fee } from '../../fees/fee-estimator.service.js';
import { signTransaction, type UnsignedTransaction } from './sign-transaction.js';

/** Signs with one deployer key. The key cannot be read back, logged or serialized (S1). */
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
   * Signs the same transaction with the same nonce, and a new fee and gas limit. Verifies first that this key signed the
   * journaled attempt: write access to Redis must not decide what the key signs.
   *
   * @throws Error when another key signed the attempt
   */
  signReplacement(attempt: Attempt, fee: Fee, gasLimit: bigint): Attempt {
    const { from, chainId, to, data, value, nonce } = Transaction.from(attempt.raw);
    if (to === null) throw new Error('the journaled attempt creates a contract');
    if (from !== this.address || chainId !== BigInt(this.chainId)) {
      throw new Error('the journaled attempt was not signed by this key for this chain');
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

/** Returns the fee kind of a signed attempt. */
export function feeKind(attempt: Attempt): Fee['kind'] {
  return Transaction.from(attempt.raw).type === 2 ? 'eip1559' : 'legacy';
}
