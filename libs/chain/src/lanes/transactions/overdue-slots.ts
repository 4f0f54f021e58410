import type { HoldRegistry } from '#core';
import type { LaneSession } from '../lifecycle/lane-session.js';
import type { OpenSlot } from './open-slots.js';

/** An endpoint that lags or indexes puts a slot into a wrong state for a moment. */
const HOLD_AFTER_MS = 30_000;

/** Slots in a state that only a faulty endpoint explains. Sets a hold while a slot stays in it. */
export class OverdueSlots {
  /** Monotonic milliseconds when each slot entered the state. */
  private readonly since = new WeakMap<OpenSlot, number>();

  /**
   * @param source prefix of the hold's source, before the lane's account
   * @param describe returns the text of the hold from `nonce N of ACCOUNT`
   */
  constructor(
    private readonly holds: HoldRegistry,
    private readonly source: string,
    private readonly describe: (transaction: string) => string,
  ) {}

  /** Returns whether the slot was not in the state before. */
  add(slot: OpenSlot): boolean {
    if (this.since.has(slot)) return false;
    this.since.set(slot, performance.now());
    return true;
  }

  remove(slot: OpenSlot): void {
    this.since.delete(slot);
  }

  /** Updates the lane's hold, which ends with the session at the latest. */
  updateHold(session: LaneSession, slots: readonly OpenSlot[]): void {
    const lane = session.signer.address;
    const source = `${this.source} ${lane}`;
    const slot = slots.find((each) => performance.now() - (this.since.get(each) ?? Infinity) >= HOLD_AFTER_MS);
    if (slot === undefined || session.ended) this.holds.clear('rpc_unavailable', source);
    else this.holds.set('rpc_unavailable', this.describe(`nonce ${slot.nonce} of ${lane}`), source);
  }
}
