import { Injectable } from '@nestjs/common';
import { type HoldError, type HoldReason, HoldRegistry } from '#core';

/** Hold reasons of a single lane: of its submission or of its lowest open nonce. */
const LANE_HOLD_REASONS: readonly HoldReason[] = [
  'rpc_unavailable',
  'fee_above_cap',
  'policy_violation',
  'budget_spent',
  'circuit_open',
  'signer_unavailable',
  'nodes_refuse',
  'nonce_gap',
  'insufficient_funds',
  'deployer_not_authorised',
  'terms_differ',
  'loop_failing',
  'wrong_home',
];
/** Source of these holds. Other sources set the same reasons. */
const SOURCE = 'lanes';

/** Holds of single lanes. Each is shown; the service pauses processing only while every active lane is held. */
@Injectable()
export class LaneHolds {
  private readonly lanes = new Map<string, HoldError | null>();
  /** Lanes whose lowest open nonce is blocked. */
  private readonly blocked = new Map<string, HoldError>();

  constructor(private readonly holds: HoldRegistry) {}

  /** Human-readable reasons of the blocked nonces. */
  get blockedDetails(): readonly string[] {
    return [...this.blocked.values()].map(({ message }) => message);
  }

  /** Whether the lane is active in this process. */
  has(lane: string): boolean {
    return this.lanes.has(lane);
  }

  /** Whether another active lane has no hold. */
  hasOtherFreeLane(lane: string): boolean {
    return [...this.lanes.keys()].some((other) => other !== lane && this.heldBy(other) === null);
  }

  remove(lane: string): void {
    this.lanes.delete(lane);
    this.updateHolds(lane);
  }

  set(lane: string, held: HoldError): void {
    this.lanes.set(lane, held);
    this.updateHolds(lane);
  }

  /** Marks the lane as active without a hold. */
  clear(lane: string): void {
    this.lanes.set(lane, null);
    this.updateHolds(lane);
  }

  /** Marks the lane's lowest open nonce as blocked. This hold outweighs the hold of a submission. */
  setBlocked(lane: string, held: HoldError): void {
    this.blocked.set(lane, held);
    this.updateHolds(lane);
  }

  clearBlocked(lane: string): void {
    if (this.blocked.delete(lane)) this.updateHolds(lane);
  }

  private heldBy(lane: string): HoldError | null {
    return this.blocked.get(lane) ?? this.lanes.get(lane) ?? null;
  }

  private updateHolds(changed: string): void {
    const own = this.heldBy(changed);
    const source = `lane ${changed}`;
    if (own === null) this.holds.withdraw(source);
    else this.holds.report(source, own.reason, own.message, changed);
    const found = [...this.lanes.keys()].map((lane) => this.heldBy(lane));
    const active = found.every((held) => held !== null) ? found : [];
    for (const reason of LANE_HOLD_REASONS) {
      const held = active.find((candidate) => candidate.reason === reason);
      if (held) this.holds.set(reason, held.message, SOURCE);
      else this.holds.clear(reason, SOURCE);
    }
  }
}
