import type { LaneLease } from '#core';
import { WakeSignal } from '../../common/wake-signal.js';
import type { LaneAccount } from '../transactions/lane-account.js';
import { OpenSlots } from '../transactions/open-slots.js';
import { DeferredJobs } from '../jobs/deferred-jobs.js';

/** One tenure of a lane: from winning its lease to losing or giving it up. Everything in it can be rebuilt from the journal. */
export class LaneSession {
  readonly slots = new OpenSlots();
  readonly deferredJobs = new DeferredJobs();
  /** Wakes the submitter: there may be a job, a free place or a new block. */
  readonly submitSignal = new WakeSignal();
  /** Wakes the tracker: there may be a receipt. */
  readonly trackSignal = new WakeSignal();
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

  get ended(): boolean {
    return this.controller.signal.aborted;
  }

  end(): void {
    this.controller.abort();
  }
}
