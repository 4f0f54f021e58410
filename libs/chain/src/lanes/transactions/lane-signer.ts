import { Transaction } from 'ethers';
import { type Attempt, type PreparedTransaction, unixNow } from '#core';
import type { Fee, PolicySigner, SignerFunds, UnsignedTransaction } from '#signing';
import type { LaneAccount } from './lane-account.js';

/** Signs the attempts of a lane's slots. */
export class LaneSigner implements LaneAccount {
  constructor(private readonly signer: PolicySigner) {}

  get address(): string {
    return this.signer.address;
  }

  sign({ to, data, value, gasLimit }: PreparedTransaction, nonce: number, fee: Fee, funds: SignerFunds): Attempt {
    return this.signAttempt({ to, data, value, gasLimit, nonce, fee, chainId: this.signer.chainId }, funds);
  }

  /** Verifies first that this key signed the journaled attempt: write access to Redis must not decide what it signs. */
  signReplacement(attempt: Attempt, fee: Fee, gasLimit: bigint, funds: SignerFunds): Attempt {
    const { from, chainId, to, data, value, nonce } = Transaction.from(attempt.raw);
    if (to === null) throw new Error('the journaled attempt creates a contract');
    if (from !== this.address || chainId !== BigInt(this.signer.chainId)) {
      throw new Error('the journaled attempt was not signed by this key for this chain');
    }
    return this.signAttempt({ to, data, value, gasLimit, nonce, fee, chainId: this.signer.chainId }, funds);
  }

  private signAttempt(transaction: UnsignedTransaction, funds: SignerFunds): Attempt {
    const { gasLimit, fee } = transaction;
    return {
      ...this.signer.sign(transaction, funds),
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
