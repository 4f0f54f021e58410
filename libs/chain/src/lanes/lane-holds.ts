import { Injectable } from '@nestjs/common';
import { type Held, type HoldReason, Holds } from '#core';

/** Holds that a lane finds while it submits. */
const LANE_HOLDS: readonly HoldReason[] = ['fee_above_cap', 'insufficient_funds', 'deployer_not_authorised'];

/** What keeps single lanes from sending. The service holds work back only while that is true of every lane it has. */
@Injectable()
export class LaneHolds {
  private readonly lanes = new Map<string, Held | null>();

  constructor(private readonly holds: Holds) {}

  /** Whether the lane works here. */
  has(lane: string): boolean {
    return this.lanes.has(lane);
  }

  /** Whether a lane besides this one works here and is kept from nothing. */
  isFreeBeside(lane: string): boolean {
    return [...this.lanes].some(([other, held]) => other !== lane && held === null);
  }

  /** The lane works here from now on. */
  enter(lane: string): void {
    this.lanes.set(lane, null);
    this.show();
  }

  leave(lane: string): void {
    this.lanes.delete(lane);
    this.show();
  }

  hold(lane: string, held: Held): void {
    this.lanes.set(lane, held);
    this.show();
  }

  lift(lane: string): void {
    this.lanes.set(lane, null);
    this.show();
  }

  private show(): void {
    const found = [...this.lanes.values()];
    const active = found.every((held) => held !== null) ? found : [];
    for (const reason of LANE_HOLDS) {
      const held = active.find((candidate) => candidate.reason === reason);
      if (held) this.holds.hold(reason, held.message);
      else this.holds.lift(reason);
    }
  }
}
