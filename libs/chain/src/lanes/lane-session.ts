import type { LaneLease } from '#core';
import { Bell } from '../bell.js';
import type { LaneAccount } from './lane-account.js';
import { OpenSlots } from './open-slots.js';
import { PassedOver } from './passed-over.js';

/** One tenure of a lane: from winning its lease to losing or giving it up. Everything in it can be rebuilt from the journal. */
export class LaneSession {
  readonly slots = new OpenSlots();
  readonly passedOver = new PassedOver();
  /** Wakes the submitter: there may be a job, a free place or a new block. */
  readonly submitBell = new Bell();
  /** Wakes the tracker: there may be a receipt. */
  readonly trackBell = new Bell();
  private readonly controller = new AbortController();

  constructor(
    readonly lease: LaneLease,
    readonly signer: LaneAccount,
    public nextNonce: number,
  ) {}

  /** Aborts when the tenure is over: nothing irreversible may begin after that. */
  get signal(): AbortSignal {
    return this.controller.signal;
  }

  get over(): boolean {
    return this.controller.signal.aborted;
  }

  end(): void {
    this.controller.abort();
  }
}
