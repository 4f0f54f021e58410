import { createHash, randomBytes } from 'node:crypto';
import { ModelMempool } from './model-mempool.js';
import type { MinedTransaction, ModelBlock, ModelTransaction } from './model-transaction.js';

/** Blocks, its own included, until a transaction is final. */
export const CONFIRMATIONS = 3;
export const GWEI = 1_000_000_000n;
const BASE_FEE = 10n * GWEI;

/** How the next blocks are made. */
export interface Mining {
  /** Most transactions in a block. */
  readonly maximum?: number;
  /** Whether what they carry fails. */
  readonly reverting?: boolean;
}

/** A chain with one account, in memory: it does what it is told, and is the truth that everything else is judged by. */
export class ModelChain {
  readonly pool = new ModelMempool();
  /** Wei; what does not offer it is in no block. */
  baseFee = BASE_FEE;
  private blocks: readonly ModelBlock[] = [];

  /** @param account its EIP-55 address */
  constructor(readonly account: string) {
    // No reorganisation reaches what was there before.
    for (let number = 0; number <= CONFIRMATIONS; number += 1) this.append([]);
  }

  /** Number of the newest block. */
  get head(): number {
    return this.blocks.length - 1;
  }

  /** Number of the newest final block. */
  get finalBlock(): number {
    return this.head - CONFIRMATIONS + 1;
  }

  block(number: number): ModelBlock | undefined {
    return this.blocks[number];
  }

  /** The block that holds a transaction, unless it is newer than `toBlock`. */
  blockOf(hash: string, toBlock: number): ModelBlock | undefined {
    const shown = this.blocks.slice(0, toBlock + 1);
    return shown.find(({ transactions }) => transactions.some((each) => each.hash === hash));
  }

  /** The market comes down. */
  normalizeFees(): void {
    this.baseFee = BASE_FEE;
  }

  /** Transactions up to a block, oldest first: as the account has one nonce after the other, each at the place of its nonce. */
  mined(toBlock = this.head): readonly MinedTransaction[] {
    return this.blocks.slice(0, toBlock + 1).flatMap(({ transactions }) => transactions);
  }

  /** Those that carried out a model's deployment. */
  transactionsOf(modelId: string, toBlock = this.head): readonly MinedTransaction[] {
    return this.mined(toBlock).filter(({ models, succeeded }) => succeeded && models.includes(modelId));
  }

  mine({ maximum = Infinity, reverting = false }: Mining = {}): void {
    const taken: ModelTransaction[] = [];
    for (let nonce = this.mined().length; taken.length < maximum; nonce += 1) {
      const next = this.pool.at(nonce);
      if (!next || next.maxFeePerGas < this.baseFee) break;
      taken.push(next);
    }
    this.append(taken.map((transaction) => ({ ...transaction, succeeded: !reverting })));
  }

  /** Mines this transaction alone and leaves the others in the mempool. */
  mineOnly(transaction: ModelTransaction): void {
    this.append([{ ...transaction, succeeded: true }]);
  }

  /** A transaction that the account's key signed somewhere else takes the next nonce. */
  mineForeign(): void {
    const hash = `0x${randomBytes(32).toString('hex')}`;
    const fees = { maxFeePerGas: this.baseFee, maxPriorityFeePerGas: 0n };
    this.mineOnly({ hash, nonce: this.mined().length, models: [], data: '0x', to: this.account, ...fees });
  }

  /** Other blocks take the place of the newest ones. @returns how many transactions lost theirs */
  reorg(depth: number, back: 'to the pool' | 'nowhere'): number {
    const lost = this.blocks.slice(-depth).flatMap(({ transactions }) => transactions);
    this.blocks = this.blocks.slice(0, -depth);
    if (back === 'to the pool') for (const transaction of lost) this.pool.putBack(transaction);
    for (let made = 0; made < depth; made += 1) this.append([]);
    return lost.length;
  }

  private append(transactions: readonly MinedTransaction[]): void {
    const number = this.blocks.length;
    const hash = `0x${createHash('sha256').update(randomBytes(32)).digest('hex')}`;
    const timestamp = Math.floor(Date.now() / 1000);
    this.blocks = [...this.blocks, { number, hash, timestamp, baseFee: this.baseFee, transactions }];
    this.pool.forgetBelow(this.mined().length);
  }
}
