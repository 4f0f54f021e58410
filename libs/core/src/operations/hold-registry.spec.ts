import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { HoldRegistry } from './hold-registry.js';

describe('HoldRegistry', () => {
  beforeEach(() => {
    vi.useFakeTimers({ now: 1_000 });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('lists active holds, oldest first, also when the wall clock steps back', () => {
    const holds = new HoldRegistry();
    holds.set('rpc_unavailable', 'no answer');
    vi.setSystemTime(500);
    holds.set('fee_above_cap', '90 gwei');
    vi.setSystemTime(3_000);
    holds.set('rpc_unavailable', 'still no answer');

    expect(holds.list()).toEqual([
      { reason: 'rpc_unavailable', since: 1_000, detail: 'still no answer' },
      { reason: 'fee_above_cap', since: 500, detail: '90 gwei' },
    ]);
  });

  it('restarts the time of a hold that is set again after it was cleared', () => {
    const holds = new HoldRegistry();
    holds.set('paused', 'once');
    holds.clear('paused');
    expect(holds.list()).toEqual([]);
    vi.setSystemTime(5_000);
    holds.set('paused', 'twice');

    expect(holds.list()).toEqual([{ reason: 'paused', since: 5_000, detail: 'twice' }]);
  });

  it('pauses a standby without a hold', () => {
    const holds = new HoldRegistry();
    expect(holds.pauses('redis_unavailable')).toBe(false);
    holds.standby = 'another replica has the lane';
    expect([holds.pauses('redis_unavailable'), holds.list()]).toEqual([true, []]);
    holds.standby = null;
    holds.set('redis_unavailable', 'no answer');
    expect([holds.pauses('redis_unavailable'), holds.pauses('no_lane')]).toEqual([false, true]);
  });
});
