import { Logger } from '@nestjs/common';
import { toFields, toNumber } from '../transport/hex-quantity.js';
import type { PooledEndpoint } from './pooled-endpoint.js';

export interface HeadBlock {
  readonly number: number;
  /** Unix seconds. */
  readonly timestamp: number;
}

/** Reads number and timestamp of a block. @throws RpcUnavailableError when the result is no block */
export function headOf(answer: unknown): HeadBlock {
  const { number, timestamp } = toFields(answer, 'block');
  return { number: toNumber(number, 'block number'), timestamp: toNumber(timestamp, 'block timestamp') };
}

/**
 * The latest block that the pool returned to its callers. Rolls back only after no endpoint returned a block of this height
 * for a long time, with a log line.
 */
export class MonotonicHead {
  private readonly logger = new Logger('RpcPool');
  private shown: HeadBlock | null = null;
  private shownBy: PooledEndpoint | null = null;
  private confirmedAt = 0;

  /** @param patienceMs time to wait for an endpoint with this block */
  constructor(
    private readonly patienceMs: number,
    private readonly now: () => number = () => performance.now(),
  ) {}

  get block(): HeadBlock | null {
    return this.shown;
  }

  /** The endpoint that returned it first. */
  get source(): PooledEndpoint | null {
    return this.shownBy;
  }

  /** Whether an endpoint with this head has the block. */
  isReachedBy(head: number | null): boolean {
    return this.shown === null || (head !== null && head >= this.shown.number);
  }

  /** Advances to an endpoint's latest block. Returns false without a change when the block is older. */
  advance(block: HeadBlock, by: PooledEndpoint): boolean {
    if (!this.isReachedBy(block.number)) return false;
    if (this.shown === null || block.number > this.shown.number) this.shownBy = by;
    this.shown = block;
    this.confirmedAt = this.now();
    return true;
  }

  /** Records the head of an endpoint in service. */
  confirm(head: number): void {
    if (this.isReachedBy(head)) this.confirmedAt = this.now();
  }

  /** Whether no endpoint returned such a block for longer than `patienceMs`. */
  get isStale(): boolean {
    return this.shown !== null && this.now() - this.confirmedAt > this.patienceMs;
  }

  /** Replaces the block by an older one. */
  rollBack(block: HeadBlock, by: PooledEndpoint): void {
    const from = this.shown?.number;
    this.logger.warn({
      event: 'chain_head.rolled_back',
      message: 'chain head rolled back',
      endpoint: by.name,
      from,
      to: block.number,
    });
    this.shown = block;
    this.shownBy = by;
    this.confirmedAt = this.now();
  }
}
