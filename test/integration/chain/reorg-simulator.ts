import { Transaction } from 'ethers';
import type { Anvil } from '../../support/chain/anvil.js';
import type { SeededRandom } from '../../support/seeded-random.js';

/** Rewrites the newest blocks of a chain: transactions move, or are gone as if never sent. */
export class ReorgSimulator {
  /** Transactions that a reorganisation took away, repetitions included. */
  dropped = 0;
  /** Transactions that it put into another block. */
  moved = 0;

  constructor(
    private readonly anvil: Anvil,
    private readonly dice: SeededRandom,
  ) {}

  /**
   * @param depth blocks that are replaced
   * @param sent signed transactions that may be in them
   */
  async reorg(depth: number, sent: Iterable<string>): Promise<void> {
    const gone = await this.within(depth, sent);
    const kept: [string, number][] = [];
    let index = 0;
    for (const raw of gone) {
      // What comes after a missing nonce cannot be in a block either.
      if (this.dice.chance(0.35)) break;
      index = this.dice.between(index, depth - 1);
      kept.push([raw, index]);
    }
    await this.anvil.request('anvil_reorg', [depth, kept]);
    this.dropped += gone.length - kept.length;
    this.moved += kept.length;
  }

  async head(): Promise<number> {
    return Number(await this.anvil.request('eth_blockNumber'));
  }

  /** Those that the newest blocks hold, lowest nonce first. */
  private async within(depth: number, sent: Iterable<string>): Promise<readonly string[]> {
    const lowest = (await this.head()) - depth + 1;
    const found: Transaction[] = [];
    for (const raw of new Set(sent)) {
      const transaction = Transaction.from(raw);
      const receipt = await this.anvil.request('eth_getTransactionReceipt', [transaction.hash]);
      const { blockNumber } = (receipt ?? {}) as { blockNumber?: string };
      if (blockNumber !== undefined && Number(blockNumber) >= lowest) found.push(transaction);
    }
    return found.toSorted((a, b) => a.nonce - b.nonce).map(({ serialized }) => serialized);
  }
}
