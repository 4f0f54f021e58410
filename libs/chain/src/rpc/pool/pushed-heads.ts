import { Notifier } from '../../common/wake-signal.js';
import type { PooledEndpoint } from './pooled-endpoint.js';

/** The heads that endpoints announce by themselves. An announcement is a reason to ask, and never an answer. */
export class PushedHeads {
  /** Announces every announcement. */
  readonly changes = new Notifier();
  private highest = -1;

  constructor(private readonly members: readonly PooledEndpoint[]) {
    for (const { endpoint } of members) {
      endpoint.onHead = (number) => {
        this.highest = Math.max(this.highest, number);
        this.changes.notifyAll();
      };
    }
  }

  /** Whether an endpoint announces what comes after this head. Not while a higher one was announced: it is asked for. */
  isFollowed(head: number): boolean {
    return (
      head >= this.highest && this.members.some(({ health, endpoint }) => health.inService && endpoint.pushesHeads)
    );
  }
}
