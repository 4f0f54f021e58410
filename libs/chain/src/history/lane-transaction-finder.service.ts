import { Injectable } from '@nestjs/common';
import { ChainReader, type MinedTransaction } from '../rpc/chain-reader.js';

/** Finds the mined transactions of an account by nonce. JSON-RPC has no such call, so it bisects the account's nonce by block. */
@Injectable()
export class LaneTransactionFinder {
  constructor(private readonly reader: ChainReader) {}

  /**
   * Yields the transactions with nonces in `[from, to)`, lowest first, one page a block.
   *
   * @param block number of a block at which all of them are mined
   * @throws RpcError when the node has pruned the state; RpcUnavailableError
   */
  async *findMined(
    account: string,
    from: number,
    to: number,
    block: number,
  ): AsyncIterable<readonly MinedTransaction[]> {
    let below = await this.blockBefore(account, from, block);
    for (let nonce = from; nonce < to;) {
      const holder = await this.blockOfNonce(account, nonce, below, block);
      const found = (await this.transactionsIn(holder, account)).filter(
        (each) => each.nonce >= nonce && each.nonce < to,
      );
      const last = found.at(-1);
      if (!last) throw this.reader.contradiction('eth_getTransactionCount', `block ${holder} has no nonce ${nonce}`);
      yield found;
      nonce = last.nonce + 1;
      below = holder;
    }
  }

  /** Returns a block before the nonce was used. Doubles the step, so that a node with little state can answer. */
  private async blockBefore(account: string, nonce: number, block: number): Promise<number> {
    for (let step = 1; ; step *= 2) {
      const number = block - step;
      if (number < 0) return -1;
      if ((await this.reader.nonce(account, number)) <= nonce) return number;
    }
  }

  /** Bisects. @param below a block before the nonce was used  @param above a block at or after that */
  private async blockOfNonce(account: string, nonce: number, below: number, above: number): Promise<number> {
    let [low, high] = [below, above];
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2);
      if ((await this.reader.nonce(account, middle)) > nonce) high = middle;
      else low = middle;
    }
    return high;
  }

  private async transactionsIn(block: number, account: string): Promise<readonly MinedTransaction[]> {
    const transactions = await this.reader.transactionsIn(block, account);
    if (transactions === null) throw this.reader.contradiction('eth_getBlockByNumber', `null for block ${block}`);
    return transactions.toSorted((a, b) => a.nonce - b.nonce);
  }
}
