import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { SignerConfig } from '#config';
import { HoldRegistry } from '#core';
import { FakeLaneJournal } from '../../../../../test/support/fakes/fake-lane-journal.js';
import type { ChainHead } from '../../head/chain-head.worker.js';
import type { TransactionTracker } from '../transactions/transaction-tracker.service.js';
import type { LaneSessionFactory } from './lane-session.factory.js';
import { OrphanedLanes } from './orphaned-lanes.worker.js';

class BrokenLaneJournal extends FakeLaneJournal {
  failure: Error | null = Object.assign(new Error('canary'), { code: 'WRONGTYPE' });

  override async addresses(): Promise<readonly string[]> {
    if (this.failure) throw this.failure;
    return [];
  }
}

describe('OrphanedLanes', () => {
  let journal: BrokenLaneJournal;
  let holds: HoldRegistry;
  let lanes: OrphanedLanes;
  beforeEach(() => {
    vi.useFakeTimers();
    journal = new BrokenLaneJournal();
    holds = new HoldRegistry();
    const [factory, tracker, head] = [{} as LaneSessionFactory, {} as TransactionTracker, {} as ChainHead];
    const config = { laneLeaseMs: 30_000 } as SignerConfig;
    lanes = new OrphanedLanes(journal, factory, tracker, head, config, { addresses: [] }, holds);
    lanes.start();
  });
  afterEach(async () => {
    vi.useRealTimers();
    await lanes.stop();
  });

  it('shows a hold while every iteration fails', async () => {
    await vi.advanceTimersByTimeAsync(6_000);
    expect(holds.cluster).toMatchObject([
      { reason: 'loop_failing', detail: 'orphaned lane check: Error WRONGTYPE', pauses: false },
    ]);

    journal.failure = null;
    await vi.advanceTimersByTimeAsync(5_000);
    expect(holds.cluster).toEqual([]);
  });
});
