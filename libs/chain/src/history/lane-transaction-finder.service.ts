import { Injectable } from '@nestjs/common';
import { ChainReader, type MinedTransaction } from '../rpc/chain-reader.js';
import { RpcUnavailableError } from '../rpc/rpc.errors.js';

/** Finds an account's transactions by their nonces, for which JSON-RPC has no call: by the account's nonce, block by block. */
@Injectable()
export class LaneTransactionFinder {
  constructor(private readonly reader: ChainReader) {}

  /**
   * Those with the nonces from `from` up to and without `to`, lowest first, in a page for each block that holds some. All of
   * them must stand at or below `block`. State older than the first of them is asked for hardly ever.
   *
   * @throws RpcError when the node keeps no state that old; RpcUnavailableError
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
      if (!last) throw new RpcUnavailableError('the node shows another block than it counted in');
      yield found;
      nonce = last.nonce + 1;
      below = holder;
    }
  }

  /** A block at which the account had not used the nonce yet; looked for in growing steps, for nodes that keep little. */
  private async blockBefore(account: string, nonce: number, block: number): Promise<number> {
    for (let step = 1; ; step *= 2) {
      const number = block - step;
      if (number < 0) return -1;
      if ((await this.reader.nonce(account, number)) <= nonce) return number;
    }
  }

  /** @param below a block before it  @param above a block at or after it */
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
    if (transactions === null) throw new RpcUnavailableError('the node does not show a block that it counted in');
    return transactions.toSorted((a, b) => a.nonce - b.nonce);
  }
}
