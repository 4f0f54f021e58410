import { Transaction } from 'ethers';
import { type Attempt, type PreparedTransaction, unixNow } from '#core';
import type { Fee, PolicySigner, SigningAccount, UnsignedTransaction } from '#signing';
import type { LaneAccount } from './lane-account.js';

/** Signs the attempts of a lane's slots. */
export class LaneSigner implements LaneAccount {
  constructor(private readonly signer: PolicySigner) {}

  get address(): string {
    return this.signer.address;
  }

  async sign(
    { to, data, value, gasLimit }: PreparedTransaction,
    nonce: number,
    fee: Fee,
    account: SigningAccount,
  ): Promise<Attempt> {
    return await this.signAttempt({ to, data, value, gasLimit, nonce, fee, chainId: this.signer.chainId }, account);
  }

  /** Verifies first that this key signed the journaled attempt: write access to Redis must not decide what it signs. */
  async signReplacement(attempt: Attempt, fee: Fee, gasLimit: bigint, account: SigningAccount): Promise<Attempt> {
    const { from, chainId, to, data, value, nonce } = Transaction.from(attempt.raw);
    if (to === null) throw new Error('the journaled attempt creates a contract');
    if (from !== this.address || chainId !== BigInt(this.signer.chainId)) {
      throw new Error('the journaled attempt was not signed by this key for this chain');
    }
    return await this.signAttempt({ to, data, value, gasLimit, nonce, fee, chainId: this.signer.chainId }, account);
  }

  private async signAttempt(transaction: UnsignedTransaction, account: SigningAccount): Promise<Attempt> {
    const { gasLimit, fee } = transaction;
    return {
      ...(await this.signer.sign(transaction, account)),
      gasLimit,
      maxFeePerGas: fee.maxFeePerGas,
      maxPriorityFeePerGas: fee.maxPriorityFeePerGas,
      signedAt: unixNow(),
    };
  }
}

/** Returns the fee kind of a signed attempt. */
export function feeKind(attempt: Attempt): Fee['kind'] {
  return Transaction.from(attempt.raw).type === 2 ? 'eip1559' : 'legacy';
}
