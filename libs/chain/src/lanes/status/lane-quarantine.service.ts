import { Injectable } from '@nestjs/common';
import { HoldRegistry } from '#core';

/**
 * Lanes that must not sign, because journal and chain disagree on the next nonce. The service pauses processing only while
 * every lane of this process is in quarantine.
 */
@Injectable()
export class LaneQuarantine {
  private readonly lanes = new Map<string, string | null>();

  constructor(private readonly holds: HoldRegistry) {}

  /** Human-readable reasons of all quarantined lanes. */
  get details(): readonly string[] {
    return [...this.lanes.values()].filter((detail) => detail !== null);
  }

  /** @param detail human-readable reason and what ends the quarantine */
  set(lane: string, detail: string): void {
    this.lanes.set(lane, detail);
    this.holds.report(`nonce of ${lane}`, 'lane_quarantined', detail, lane);
    this.updateHold();
  }

  clear(lane: string): void {
    this.lanes.set(lane, null);
    this.holds.withdraw(`nonce of ${lane}`);
    this.updateHold();
  }

  /** Removes a lane that this process no longer holds. */
  remove(lane: string): void {
    this.lanes.delete(lane);
    this.holds.withdraw(`nonce of ${lane}`);
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
