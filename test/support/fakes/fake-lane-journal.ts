import {
  type CommitResult,
  type JournalResult,
  LaneJournal,
  type LaneLease,
  type LaneState,
  type LaneOwner,
  type OperatorAction,
} from '#core';

/** A journal with the content that a test put there; no lane can be acquired. */
export class FakeLaneJournal extends LaneJournal {
  state: LaneState = { nextNonce: null, closedBlock: null, slots: [] };
  tenureNow: LaneOwner | null = null;
  readonly freed: { readonly lane: string; readonly action: OperatorAction }[] = [];

  override async acquire(): Promise<LaneLease | null> {
    return null;
  }

  override async renew(): Promise<boolean> {
    return false;
  }

  override async release(): Promise<void> {}

  override async free(lane: string, action: OperatorAction): Promise<boolean> {
    this.freed.push({ lane, action });
    return this.tenureNow !== null;
  }

  override async addresses(): Promise<readonly string[]> {
    return [];
  }

  override async read(): Promise<LaneState> {
    return this.state;
  }

  override async owner(): Promise<LaneOwner | null> {
    return this.tenureNow;
  }

  override async commit(): Promise<CommitResult> {
    return { kind: 'fenced' };
  }

  override async addAttempt(): Promise<JournalResult> {
    return { kind: 'fenced' };
  }

  override async fillGap(): Promise<JournalResult> {
    return { kind: 'fenced' };
  }

  override async resetNonce(): Promise<boolean> {
    return false;
  }
}
