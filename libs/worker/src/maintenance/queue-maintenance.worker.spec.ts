import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hurryTimers } from '../../../../test/support/hurry-timers.js';
import { until } from '../../../../test/support/until.js';
import { WorkerHarness } from '../../../../test/support/worker-harness.js';
import { HoldError } from '#core';
import { QueueMaintenanceWorker } from './queue-maintenance.worker.js';

describe('QueueMaintenanceWorker', () => {
  hurryTimers();

  let useCase: WorkerHarness;
  let caretaker: QueueMaintenanceWorker;
  /** Completed iterations. */
  let rounds = 0;

  beforeEach(async () => {
    useCase = await WorkerHarness.create();
    caretaker = useCase.get(QueueMaintenanceWorker);
    rounds = 0;
  });
  afterEach(async () => {
    await caretaker.stop();
  });

  async function nextRound(): Promise<void> {
    const wanted = rounds + 1;
    useCase.queue.before = (call) => {
      if (call === 'depths') rounds += 1;
    };
    await until('a round', () => rounds >= wanted);
  }

  it('requeues due retries and sweeps in every iteration', async () => {
    useCase.queue.swept = { expired: 2, orphaned: 3 };
    caretaker.start();
    await nextRound();
    expect(useCase.queue.promotions).toBe(1);
    expect(await useCase.metric('messages_recovered_total', { source: 'expired' })).toBe(2);
    expect(await useCase.metric('messages_recovered_total', { source: 'orphaned' })).toBe(3);
    expect(useCase.logs.withMessage('messages recovered')).toMatchObject([{ level: 'warn', expired: 2, orphaned: 3 }]);
    await nextRound();
    expect(useCase.queue.promotions).toBe(2);
  });

  it('logs nothing when no message was recovered', async () => {
    caretaker.start();
    await nextRound();
    await caretaker.stop();
    expect(useCase.logs.lines).toEqual([]);
  });

  it('reports depth and age of every queue', async () => {
    useCase.queue.depthsNow = {
      main: { messages: 5, oldestAgeMs: 1_500 },
      processing: { messages: 4, oldestAgeMs: null },
      delayed: { messages: 3, oldestAgeMs: 2_000 },
      deadLetter: { messages: 2, oldestAgeMs: 86_400_000 },
    };
    caretaker.start();
    await nextRound();
    await caretaker.stop();
    for (const [queue, messages, age] of [
      ['main_queue', 5, 1.5],
      ['processing', 4, 0],
      ['delayed', 3, 2],
      ['dead_letter', 2, 86_400],
    ] as const) {
      expect(await useCase.metric('queue_messages', { queue })).toBe(messages);
      expect(await useCase.metric('queue_oldest_message_age_seconds', { queue })).toBe(age);
    }
  });

  it('sets a hold while the queue is paused and clears only that hold', async () => {
    useCase.holds.set('insufficient_funds', 'empty');
    useCase.queue.paused = true;
    caretaker.start();
    await nextRound();
    expect(useCase.holds.list().map(({ reason }) => reason)).toEqual(['insufficient_funds', 'paused']);
    useCase.queue.paused = false;
    await nextRound();
    expect(useCase.holds.list().map(({ reason }) => reason)).toEqual(['insufficient_funds']);
  });

  it('clears the Redis hold while the consumer is idle', async () => {
    useCase.holds.set('redis_unavailable', 'no reply');
    useCase.holds.set('no_lane', 'another replica holds it');
    caretaker.start();
    await nextRound();
    expect(useCase.holds.list().map(({ reason }) => reason)).toEqual(['no_lane']);
  });

  it('reports the service phase', async () => {
    useCase.state.markReady();
    caretaker.start();
    await nextRound();
    expect(await useCase.metric('consumer_state', { state: 'ready' })).toBe(1);
    expect(await useCase.metric('consumer_state', { state: 'starting' })).toBe(0);
    useCase.state.markDraining();
    await nextRound();
    expect(await useCase.metric('consumer_state', { state: 'draining' })).toBe(1);
  });

  it('continues after an outage without changing holds', async () => {
    useCase.holds.set('paused', 'before the outage');
    let outages = 0;
    useCase.queue.before = () => {
      outages += 1;
      throw new HoldError('redis_unavailable', 'no reply');
    };
    caretaker.start();
    await until('an outage', () => outages > 0);
    expect(useCase.holds.list()).toHaveLength(1);
    expect(await useCase.metric('collector_last_success_timestamp_seconds', { collector: 'queues' })).toBe(0);
    await nextRound();
    const collectedAt = await useCase.metric('collector_last_success_timestamp_seconds', { collector: 'queues' });
    expect(Math.abs(collectedAt - Date.now() / 1000)).toBeLessThan(10);
    expect(useCase.holds.list()).toEqual([]);
  });
});
