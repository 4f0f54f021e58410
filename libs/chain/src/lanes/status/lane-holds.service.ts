import { Injectable } from '@nestjs/common';
import { type HoldError, type HoldReason, HoldRegistry } from '#core';

/** Holds that a lane finds while it submits, or on its lowest open nonce. */
const LANE_HOLD_REASONS: readonly HoldReason[] = [
  'rpc_unavailable',
  'fee_above_cap',
  'nodes_refuse',
  'insufficient_funds',
  'deployer_not_authorised',
];
/** Others find the same reasons. */
const SOURCE = 'lanes';

/** What keeps single lanes from sending. The service holds work back only while that is true of every lane it has. */
@Injectable()
export class LaneHolds {
  private readonly lanes = new Map<string, HoldError | null>();
  /** Lanes whose lowest open nonce no node takes. */
  private readonly blocked = new Map<string, HoldError>();

  constructor(private readonly holds: HoldRegistry) {}

  /** Why nonces are blocked, for people. */
  get blockedDetails(): readonly string[] {
    return [...this.blocked.values()].map(({ message }) => message);
  }

  /** Whether the lane works here. */
  has(lane: string): boolean {
    return this.lanes.has(lane);
  }

  /** Whether a lane besides this one works here and is kept from nothing. */
  hasOtherFreeLane(lane: string): boolean {
    return [...this.lanes.keys()].some((other) => other !== lane && this.heldBy(other) === null);
  }

  /** The lane works here from now on. */
  add(lane: string): void {
    this.lanes.set(lane, null);
    this.updateHolds();
  }

  remove(lane: string): void {
    this.lanes.delete(lane);
    this.updateHolds();
  }

  set(lane: string, held: HoldError): void {
    this.lanes.set(lane, held);
    this.updateHolds();
  }

  clear(lane: string): void {
    this.lanes.set(lane, null);
    this.updateHolds();
  }

  /** The lane's lowest open nonce is blocked, whatever the lane itself finds when it submits. */
  setBlocked(lane: string, held: HoldError): void {
    this.blocked.set(lane, held);
    this.updateHolds();
  }

  clearBlocked(lane: string): void {
    if (this.blocked.delete(lane)) this.updateHolds();
  }

  private heldBy(lane: string): HoldError | null {
    return this.blocked.get(lane) ?? this.lanes.get(lane) ?? null;
  }

  private updateHolds(): void {
    const found = [...this.lanes.keys()].map((lane) => this.heldBy(lane));
    const active = found.every((held) => held !== null) ? found : [];
    for (const reason of LANE_HOLD_REASONS) {
      const held = active.find((candidate) => candidate.reason === reason);
      if (held) this.holds.set(reason, held.message, SOURCE);
      else this.holds.clear(reason, SOURCE);
    }
  }
}
