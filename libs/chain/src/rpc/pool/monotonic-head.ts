import { Logger } from '@nestjs/common';
import { toFields, toNumber } from '../transport/hex-quantity.js';
import type { PooledEndpoint } from './pooled-endpoint.js';

export interface HeadBlock {
  readonly number: number;
  /** Unix seconds. */
  readonly timestamp: number;
}

/** @throws RpcUnavailableError when the answer is no block */
export function headOf(answer: unknown): HeadBlock {
  const { number, timestamp } = toFields(answer, 'block');
  return { number: toNumber(number, 'block number'), timestamp: toNumber(timestamp, 'block timestamp') };
}

/**
 * The newest block that the pool has handed out, on which its callers act. It goes back only when no endpoint has shown
 * such a block for a long time, and never silently.
 */
export class MonotonicHead {
  private readonly logger = new Logger('RpcPool');
  private shown: HeadBlock | null = null;
  private shownBy: PooledEndpoint | null = null;
  private confirmedAt = 0;

  /** @param patienceMs how long an endpoint with this block is waited for */
  constructor(
    private readonly patienceMs: number,
    private readonly now: () => number = () => performance.now(),
  ) {}

  get block(): HeadBlock | null {
    return this.shown;
  }

  /** The endpoint that showed it first. */
  get source(): PooledEndpoint | null {
    return this.shownBy;
  }

  /** Whether an endpoint whose head this is has seen the block. */
  isReachedBy(head: number | null): boolean {
    return this.shown === null || (head !== null && head >= this.shown.number);
  }

  /** Takes a block that an endpoint calls the newest. False, and nothing changes, when it is older than the one handed out. */
  advance(block: HeadBlock, by: PooledEndpoint): boolean {
    if (!this.isReachedBy(block.number)) return false;
    if (this.shown === null || block.number > this.shown.number) this.shownBy = by;
    this.shown = block;
    this.confirmedAt = this.now();
    return true;
  }

  /** An endpoint in service has shown its head. */
  confirm(head: number): void {
    if (this.isReachedBy(head)) this.confirmedAt = this.now();
  }

  /** Whether nobody has shown it for too long to wait any longer. */
  get isStale(): boolean {
    return this.shown !== null && this.now() - this.confirmedAt > this.patienceMs;
  }

  /** Gives the block up for an older one. */
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
