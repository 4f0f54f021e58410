import { Injectable } from '@nestjs/common';
import { HoldRegistry } from '#core';

/**
 * Lanes that may not sign, because journal and chain do not agree on the next nonce. The service holds work back only
 * while that is true of every lane it has.
 */
@Injectable()
export class LaneQuarantine {
  private readonly lanes = new Map<string, string | null>();

  constructor(private readonly holds: HoldRegistry) {}

  /** What keeps which lane, for people. */
  get details(): readonly string[] {
    return [...this.lanes.values()].filter((detail) => detail !== null);
  }

  /** @param detail what is wrong and what ends it, for people */
  set(lane: string, detail: string): void {
    this.lanes.set(lane, detail);
    this.updateHold();
  }

  clear(lane: string): void {
    this.lanes.set(lane, null);
    this.updateHold();
  }

  /** The lane is not ours any more. */
  remove(lane: string): void {
    this.lanes.delete(lane);
    this.updateHold();
  }

  private updateHold(): void {
    const { details } = this;
    if (details.length > 0 && details.length === this.lanes.size) {
      this.holds.set('lane_quarantined', details.join('; '));
    } else {
      this.holds.clear('lane_quarantined');
    }
  }
}
