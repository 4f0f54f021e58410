import type { LaneLease } from '#core';
import { WakeSignal } from '../../common/wake-signal.js';
import type { LaneAccount } from '../transactions/lane-account.js';
import { OpenSlots } from '../transactions/open-slots.js';
import { DeferredJobs } from '../jobs/deferred-jobs.js';

/** State of a lane while this process holds its lease. All of it can be rebuilt from the journal. */
export class LaneSession {
  readonly slots = new OpenSlots();
  /** Nonces of the slots in the journal that cannot be read. Their transactions may be in flight. */
  unreadableSlots: readonly string[] = [];
  readonly deferredJobs = new DeferredJobs();
  /** Consecutive submissions that failed for want of a readable answer. */
  failedSubmissions = 0;
  /** Wakes the submit loop: there may be a job, a free slot or a new block. */
  readonly submitSignal = new WakeSignal();
  /** Wakes the tracking loop: there may be a receipt. */
  readonly trackSignal = new WakeSignal();
  private readonly controller = new AbortController();

  constructor(
    readonly lease: LaneLease,
    readonly signer: LaneAccount,
    public nextNonce: number,
  ) {}

  /** Aborts when the session ends. Nothing irreversible may start after that. */
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
