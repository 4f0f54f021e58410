import { Logger } from '@nestjs/common';
import type { PoolMember } from './pool-member.js';

/** An endpoint that is silent for longer has no say any more in which chain is the right one. */
const REMEMBERED_MS = 600_000;

/** A block deep enough to be the same on every endpoint, and who has shown it lately. */
export class SettledBlock {
  private readonly logger = new Logger('RpcPool');
  private readonly shownAt = new Map<PoolMember, number>();
  private block: { readonly number: number; readonly hash: string } | null = null;

  constructor(private readonly now: () => number = Date.now) {}

  get number(): number | null {
    return this.block?.number ?? null;
  }

  get hash(): string | null {
    return this.block?.hash ?? null;
  }

  /** How many of these have shown it and may still be counted on, although they are silent now. */
  votesOf(absent: readonly PoolMember[]): number {
    const counted = absent.filter((member) => !member.standing.disowned);
    return counted.filter((member) => this.now() - (this.shownAt.get(member) ?? -Infinity) < REMEMBERED_MS).length;
  }

  /** Endpoints of the chain that counts have this block at the settled height. */
  agreed(hash: string, members: readonly PoolMember[]): void {
    for (const member of members) this.shownAt.set(member, this.now());
    if (this.block === null || this.block.hash === hash) return;
    this.logger.warn({ message: 'the endpoints have another settled block than before', height: this.block.number });
    this.block = { number: this.block.number, hash };
  }

  moveTo(number: number, hash: string): void {
    this.block = { number, hash };
  }
}
