import { Logger } from '@nestjs/common';
import type { PooledEndpoint } from '../pool/pooled-endpoint.js';

/** An endpoint that is silent for longer has no say any more in which chain is the right one. */
const REMEMBERED_MS = 600_000;

/** A block deep enough to be the same on every endpoint, and who has shown it lately. */
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

  /** How many of these have shown it and may still be counted on, although they are silent now. */
  votesOf(absent: readonly PooledEndpoint[]): number {
    const counted = absent.filter((member) => !member.standing.chainMismatch);
    return counted.filter((member) => this.now() - (this.shownAt.get(member) ?? -Infinity) < REMEMBERED_MS).length;
  }

  /** Endpoints of the chain that counts have this block at the settled height. */
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
