import { inspect } from 'node:util';
import { computeAddress, SigningKey, Transaction } from 'ethers';
import type { Attempt, PreparedTransaction } from '#core';
import type { Fee } from '../fees/fee-quotes.js';

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
    const { to, data, value, gasLimit } = transaction;
    return this.attempt(Transaction.from({ to, data, value, gasLimit, nonce, chainId: this.chainId, ...priced(fee) }));
  }

  /** Signs the same transaction, with the same nonce, for another fee. */
  resign(attempt: Attempt, fee: Fee): Attempt {
    const { to, data, value, gasLimit, nonce, chainId } = Transaction.from(attempt.raw);
    return this.attempt(Transaction.from({ to, data, value, gasLimit, nonce, chainId, ...priced(fee) }));
  }

  private attempt(transaction: Transaction): Attempt {
    transaction.signature = this.#key.sign(transaction.unsignedHash);
    const { hash, gasLimit, maxFeePerGas, maxPriorityFeePerGas, gasPrice } = transaction;
    if (hash === null) throw new Error('a signed transaction has a hash');
    return {
      hash,
      raw: transaction.serialized,
      gasLimit,
      maxFeePerGas: maxFeePerGas ?? gasPrice ?? 0n,
      maxPriorityFeePerGas: maxPriorityFeePerGas ?? gasPrice ?? 0n,
      signedAt: Date.now(),
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

function priced({ kind, maxFeePerGas, maxPriorityFeePerGas }: Fee): Partial<Record<string, bigint | number>> {
  return kind === 'legacy' ? { type: 0, gasPrice: maxFeePerGas } : { type: 2, maxFeePerGas, maxPriorityFeePerGas };
}
