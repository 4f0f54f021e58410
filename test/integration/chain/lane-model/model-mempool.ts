import { MockRpcError } from '../../../support/rpc/mock-rpc-node.js';
import type { ModelTransaction } from './model-transaction.js';

/** Transactions of one account that wait for a block, by geth's rules. */
export class ModelMempool {
  private readonly pending = new Map<number, ModelTransaction>();

  at(nonce: number): ModelTransaction | undefined {
    return this.pending.get(nonce);
  }

  /** The account's next nonce, counted from the chain's. */
  pendingNonce(next: number): number {
    let nonce = next;
    while (this.pending.has(nonce)) nonce += 1;
    return nonce;
  }

  knows(hash: string): ModelTransaction | undefined {
    return [...this.pending.values()].find((transaction) => transaction.hash === hash);
  }

  /**
   * @param next nonce of the chain
   * @throws MockRpcError in geth's words; a replacement offers 10 % more on both caps
   */
  add(transaction: ModelTransaction, next: number): void {
    if (transaction.nonce < next) throw new MockRpcError(-32000, 'nonce too low');
    const other = this.pending.get(transaction.nonce);
    if (other?.hash === transaction.hash) throw new MockRpcError(-32000, 'already known');
    if (other && !isHigherOffer(transaction, other))
      throw new MockRpcError(-32000, 'replacement transaction underpriced');
    this.pending.set(transaction.nonce, transaction);
  }

  /** After a reorganisation. */
  putBack(transaction: ModelTransaction): void {
    if (transaction.models.length > 0 && !this.pending.has(transaction.nonce)) {
      this.pending.set(transaction.nonce, transaction);
    }
  }

  forgetBelow(nonce: number): void {
    for (const each of this.pending.keys()) if (each < nonce) this.pending.delete(each);
  }

  /** @param most counted from the highest nonce */
  drop(most = Infinity): void {
    for (const nonce of [...this.pending.keys()].toSorted((a, b) => b - a).slice(0, most)) this.pending.delete(nonce);
  }
}

function isHigherOffer(offer: ModelTransaction, other: ModelTransaction): boolean {
  const [fee, tip] = [other.maxFeePerGas, other.maxPriorityFeePerGas];
  return offer.maxFeePerGas * 10n >= fee * 11n && offer.maxPriorityFeePerGas * 10n >= tip * 11n;
}
