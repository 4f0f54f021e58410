import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hurryTimers } from '../../../../test/support/hurry-timers.js';
import { until } from '../../../../test/support/until.js';
import { WorkerHarness } from '../../../../test/support/worker-harness.js';
import { HoldError } from '#core';
import { HoldSharingWorker } from './hold-sharing.worker.js';

const LANE = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8';

describe('HoldSharingWorker', () => {
  hurryTimers();

  let useCase: WorkerHarness;
  let worker: HoldSharingWorker;
  beforeEach(async () => {
    useCase = await WorkerHarness.create();
    worker = useCase.get(HoldSharingWorker);
  });
  afterEach(async () => await worker.stop());

  const held = async (reason: string, scope: string): Promise<number> =>
    await useCase.metric('consumer_held', { reason, scope });

  it('shows the holds of all replicas in the metric, by what they block', async () => {
    useCase.exchange.replicas.set('other', {
      replica: 'other',
      standby: false,
      holds: [{ reason: 'nodes_refuse', detail: 'nonce 8', since: 1, lane: LANE, pauses: false }],
    });
    useCase.holds.set('fee_above_cap', '90 gwei');
    worker.start();
    await until('the hold of the other', async () => (await held('nodes_refuse', 'part')) === 1);
    expect(await held('fee_above_cap', 'replica')).toBe(1);
    expect(await held('fee_above_cap', 'service')).toBe(0);
    useCase.holds.clear('fee_above_cap');
    await until('the end', async () => (await held('fee_above_cap', 'replica')) === 0);
  });

  it('logs begin and end of a hold once each', async () => {
    useCase.holds.set('fee_above_cap', '90 gwei');
    worker.start();
    await until('the begin', () => useCase.logs.withMessage('hold set').length > 0);
    useCase.holds.set('fee_above_cap', '91 gwei');
    useCase.holds.clear('fee_above_cap');
    await until('the end', () => useCase.logs.withMessage('hold ended').length > 0);
    expect(useCase.logs.withMessage('hold set')).toMatchObject([{ reason: 'fee_above_cap', detail: '90 gwei' }]);
    expect(useCase.logs.withMessage('hold ended')).toMatchObject([{ reason: 'fee_above_cap' }]);
  });

  it('shows the holds of its own replica while they cannot be shared', async () => {
    useCase.exchange.before = () => {
      throw new HoldError('redis_unavailable', 'no reply');
    };
    useCase.holds.set('redis_unavailable', 'no reply');
    worker.start();
    await until('the metric', async () => (await held('redis_unavailable', 'service')) === 1);
    expect(useCase.logs.withMessage('holds not shared, retrying')).not.toEqual([]);
  });
});
