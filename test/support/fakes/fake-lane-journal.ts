import { type CommitResult, LaneJournal, type LaneLease, type LaneState, type LaneOwner } from '#core';

/** A journal that shows what a test put there; nobody can take a lane. */
export class FakeLaneJournal extends LaneJournal {
  state: LaneState = { nextNonce: null, closedBlock: null, slots: [] };
  tenureNow: LaneOwner | null = null;

  override async acquire(): Promise<LaneLease | null> {
    return null;
  }

  override async renew(): Promise<boolean> {
    return false;
  }

  override async release(): Promise<void> {}

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

  override async addAttempt(): Promise<boolean> {
    return false;
  }

  override async resetNonce(): Promise<boolean> {
    return false;
  }
}
