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

  const LANE = '0xlane';
  const other = { replica: 'other', standby: false } as const;

  it('shows a hold of several replicas once, with the earliest start', () => {
    const holds = new HoldRegistry('own');
    holds.set('paused', 'by an operator');
    const hold = { reason: 'paused', detail: 'by an operator', since: 900, lane: null, pauses: true } as const;
    holds.update({ replicas: [{ ...other, holds: [hold] }], since: new Map([['paused', 400]]) });
    expect(holds.cluster).toEqual([{ ...hold, since: 400, scope: 'service', replicas: ['other', 'own'] }]);
  });

  it('tells a stop of one replica from a stop of all, and leaves a standby out', () => {
    const holds = new HoldRegistry('own');
    holds.set('insufficient_funds', 'empty');
    const scopes = () => holds.cluster.map(({ scope }) => scope);
    expect(scopes()).toEqual(['service']);
    holds.update({ replicas: [{ ...other, holds: [] }], since: new Map() });
    expect(scopes()).toEqual(['replica']);
    holds.update({ replicas: [{ ...other, standby: true, holds: [] }], since: new Map() });
    expect(scopes()).toEqual(['service']);
  });

  it('shows a lane in place of the pause that quotes it', () => {
    const holds = new HoldRegistry('own');
    holds.report(`lane ${LANE}`, 'insufficient_funds', 'it has 0.01 ether', LANE);
    expect(holds.cluster).toMatchObject([{ lane: LANE, scope: 'part' }]);
    holds.set('insufficient_funds', 'it has 0.01 ether', 'lanes');
    expect(holds.cluster).toMatchObject([{ lane: LANE, scope: 'service' }]);
    holds.withdraw(`lane ${LANE}`);
    expect(holds.cluster).toMatchObject([{ lane: null, scope: 'service' }]);
  });

  it('forgets other replicas when nothing was shared for 15 seconds', () => {
    const holds = new HoldRegistry('own');
    const hold = { reason: 'no_lane', detail: 'free', since: 900, lane: null, pauses: true } as const;
    holds.update({ replicas: [{ ...other, holds: [hold] }], since: new Map() });
    vi.advanceTimersByTime(14_999);
    expect(holds.cluster).toHaveLength(1);
    vi.advanceTimersByTime(1);
    expect(holds.cluster).toEqual([]);
  });
});
