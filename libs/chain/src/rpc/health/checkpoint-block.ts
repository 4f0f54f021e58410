import { Logger } from '@nestjs/common';
import type { PooledEndpoint } from '../pool/pooled-endpoint.js';

/** Time after which a silent endpoint loses its vote on the chain. */
const REMEMBERED_MS = 600_000;

/** A block deep enough to be equal on every endpoint, with the endpoints that returned it recently. */
export class CheckpointBlock {
  private readonly logger = new Logger('RpcPool');
  private readonly shownAt = new Map<PooledEndpoint, number>();
  private block: { readonly number: number; readonly hash: string } | null = null;

  constructor(private readonly now: () => number = () => performance.now()) {}

  get number(): number | null {
    return this.block?.number ?? null;
  }

  get hash(): string | null {
    return this.block?.hash ?? null;
  }

  /** Returns the number of silent endpoints that returned the block recently. */
  votesOf(absent: readonly PooledEndpoint[]): number {
    const counted = absent.filter((member) => !member.health.chainMismatch);
    return counted.filter((member) => this.now() - (this.shownAt.get(member) ?? -Infinity) < REMEMBERED_MS).length;
  }

  /** Records that endpoints of the agreed chain have this block at the checkpoint height. */
  setAgreed(hash: string, members: readonly PooledEndpoint[]): void {
    for (const member of members) this.shownAt.set(member, this.now());
    if (this.block === null || this.block.hash === hash) return;
    this.logger.warn({
      event: 'checkpoint.changed',
      message: 'endpoints agree on another checkpoint block',
      height: this.block.number,
    });
    this.block = { number: this.block.number, hash };
  }

  moveTo(number: number, hash: string): void {
    this.block = { number, hash };
  }
}
