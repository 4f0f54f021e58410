import {
  type ClaimedMessage,
  type LeaseHolder,
  MessageQueue,
  type OperatorAction,
  type QueueDepth,
  type QueueDepths,
  type Settlement,
  type SettleResult,
  type SweepReport,
} from '#core';

export const EMPTY: QueueDepth = { messages: 0, oldestAgeMs: null };

/** A queue in memory: what is put in `messages` is claimed once, what is settled stands in `settled`. */
export class FakeMessageQueue extends MessageQueue {
  messages: ClaimedMessage[] = [];
  readonly settled: { readonly lease: string; readonly settlement: Settlement }[] = [];
  paused = false;
  readonly pauses: { readonly action: OperatorAction; readonly ttlMs: number | null }[] = [];
  readonly resumes: OperatorAction[] = [];
  holdersNow: readonly LeaseHolder[] = [];
  depthsNow: QueueDepths = { main: EMPTY, processing: EMPTY, delayed: EMPTY, deadLetter: EMPTY };
  /** Runs before every call, to fail or to wait. */
  before: (call: string) => void | Promise<void> = () => undefined;

  override async wait(): Promise<void> {
    await this.before('wait');
  }

  override async claim(limit: number): Promise<readonly ClaimedMessage[]> {
    await this.before('claim');
    return this.paused ? [] : this.messages.splice(0, limit);
  }

  override async read(leases: readonly string[]): Promise<readonly (Uint8Array | null)[]> {
    await this.before('read');
    return leases.map(() => null);
  }

  override async renew(): Promise<readonly string[]> {
    await this.before('renew');
    return [];
  }

  override async settle(
    settlements: readonly { readonly lease: string; readonly settlement: Settlement }[],
  ): Promise<readonly SettleResult[]> {
    await this.before('settle');
    return settlements.map((settlement) => {
      if (this.settled.some((it) => it.lease === settlement.lease)) return 'already';
      this.settled.push(settlement);
      return 'settled';
    });
  }

  override async promote(): Promise<number> {
    await this.before('promote');
    return 0;
  }

  override async sweep(): Promise<SweepReport> {
    await this.before('sweep');
    return { expired: 0, orphaned: 0 };
  }

  override async depths(): Promise<QueueDepths> {
    await this.before('depths');
    return this.depthsNow;
  }

  override async isPaused(): Promise<boolean> {
    await this.before('isPaused');
    return this.paused;
  }

  override async leaseHolders(): Promise<readonly LeaseHolder[]> {
    await this.before('holders');
    return this.holdersNow;
  }

  override async pause(action: OperatorAction, ttlMs: number | null): Promise<void> {
    await this.before('pause');
    this.paused = true;
    this.pauses.push({ action, ttlMs });
  }

  override async resume(action: OperatorAction): Promise<void> {
    await this.before('resume');
    this.paused = false;
    this.resumes.push(action);
  }
}
