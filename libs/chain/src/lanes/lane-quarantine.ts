import { Injectable } from '@nestjs/common';
import { Holds } from '#core';

/**
 * Lanes that may not sign, because journal and chain do not agree on the next nonce. The service holds work back only
 * while that is true of every lane it has.
 */
@Injectable()
export class LaneQuarantine {
  private readonly lanes = new Map<string, string | null>();

  constructor(private readonly holds: Holds) {}

  /** What keeps which lane, for people. */
  get details(): readonly string[] {
    return [...this.lanes.values()].filter((detail) => detail !== null);
  }

  /** @param detail what is wrong and what ends it, for people */
  hold(lane: string, detail: string): void {
    this.lanes.set(lane, detail);
    this.show();
  }

  lift(lane: string): void {
    this.lanes.set(lane, null);
    this.show();
  }

  /** The lane is not ours any more. */
  leave(lane: string): void {
    this.lanes.delete(lane);
    this.show();
  }

  private show(): void {
    const { details } = this;
    if (details.length > 0 && details.length === this.lanes.size) {
      this.holds.hold('lane_quarantined', details.join('; '));
    } else {
      this.holds.lift('lane_quarantined');
    }
  }
}
