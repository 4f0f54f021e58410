import { NodeError } from '../../../support/mock-rpc-node.js';
import type { ModelTransaction } from './model-transaction.js';

/** Transactions of one account that wait for a block, by geth's rules. */
export class ModelPool {
  private readonly waiting = new Map<number, ModelTransaction>();

  at(nonce: number): ModelTransaction | undefined {
    return this.waiting.get(nonce);
  }

  /** The account's next nonce, counted from the chain's. */
  pendingNonce(next: number): number {
    let nonce = next;
    while (this.waiting.has(nonce)) nonce += 1;
    return nonce;
  }

  knows(hash: string): ModelTransaction | undefined {
    return [...this.waiting.values()].find((transaction) => transaction.hash === hash);
  }

  /**
   * @param next nonce of the chain
   * @throws NodeError in geth's words; a replacement offers 10 % more on both caps
   */
  add(transaction: ModelTransaction, next: number): void {
    if (transaction.nonce < next) throw new NodeError(-32000, 'nonce too low');
    const other = this.waiting.get(transaction.nonce);
    if (other?.hash === transaction.hash) throw new NodeError(-32000, 'already known');
    if (other && !outbids(transaction, other)) throw new NodeError(-32000, 'replacement transaction underpriced');
    this.waiting.set(transaction.nonce, transaction);
  }

  /** After a reorganisation. */
  putBack(transaction: ModelTransaction): void {
    if (transaction.models.length > 0 && !this.waiting.has(transaction.nonce)) {
      this.waiting.set(transaction.nonce, transaction);
    }
  }

  forgetBelow(nonce: number): void {
    for (const each of this.waiting.keys()) if (each < nonce) this.waiting.delete(each);
  }

  /** @param most counted from the highest nonce */
  drop(most = Infinity): void {
    for (const nonce of [...this.waiting.keys()].toSorted((a, b) => b - a).slice(0, most)) this.waiting.delete(nonce);
  }
}

function outbids(offer: ModelTransaction, other: ModelTransaction): boolean {
  const [fee, tip] = [other.maxFeePerGas, other.maxPriorityFeePerGas];
  return offer.maxFeePerGas * 10n >= fee * 11n && offer.maxPriorityFeePerGas * 10n >= tip * 11n;
}
