import { getEventListeners } from 'node:events';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { aClaimedMessage, aMessageFor } from '../../../../test/support/fixtures/claimed-message.fixture.js';
import { Barrier } from '../../../../test/support/barrier.js';
import { hurryTimers } from '../../../../test/support/hurry-timers.js';
import { until } from '../../../../test/support/until.js';
import { WorkerHarness } from '../../../../test/support/worker-harness.js';
import { HoldError } from '#core';
import { MessageConsumer } from './message-consumer.worker.js';
import { InFlightMessages } from './in-flight-messages.js';

const MINUTE_MS = 60_000;

/** Lets the monotonic clock jump ahead; the loop's own waits go on in real time. */
function later(ms: number): void {
  const now = performance.now.bind(performance);
  vi.spyOn(performance, 'now').mockImplementation(() => now() + ms);
}

describe('MessageConsumer', () => {
  hurryTimers();

  let useCase: WorkerHarness;
  let consumer: MessageConsumer;

  beforeEach(async () => {
    await make();
  });
  afterEach(async () => {
    await consumer.stop();
    vi.restoreAllMocks();
  });

  async function make(settings: Parameters<typeof WorkerHarness.create>[0] = {}): Promise<void> {
    useCase = await WorkerHarness.create(settings);
    consumer = useCase.get(MessageConsumer);
  }

  async function submitted(...modelIds: readonly string[]): Promise<void> {
    await until(`${modelIds.join(', ')} to be submitted`, () =>
      modelIds.every((modelId) => useCase.deployer.modelIds.includes(modelId)),
    );
  }

  /** Waits until the loop has turned that often. */
  async function turns(count: number): Promise<void> {
    const turned = vi.spyOn(useCase.state, 'heartbeat');
    await until(`${count} turns`, () => turned.mock.calls.length >= count);
    turned.mockRestore();
  }

  function reasons(): readonly string[] {
    return useCase.holds.list().map(({ reason }) => reason);
  }

  /** Fails the next calls, of the queue or the ledger, as Redis does when it is away. */
  function outage(call: string, times: number): { left: number } {
    const outages = { left: times };
    const fail = (made: string): void => {
      if (made !== call || outages.left === 0) return;
      outages.left -= 1;
      throw new HoldError('redis_unavailable', 'no reply');
    };
    useCase.queue.before = fail;
    useCase.jobs.before = fail;
    return outages;
  }

  describe('claiming', () => {
    it('claims waiting and arriving messages', async () => {
      useCase.queue.push(aMessageFor('a'), aMessageFor('b'));
      consumer.start();
      await submitted('a', 'b');
      useCase.queue.push(aMessageFor('c'));
      await submitted('c');
      expect(await useCase.metric('messages_received_total')).toBe(3);
      expect(await useCase.metric('messages_in_flight')).toBe(3);
    });

    it('claims at most one batch at once', async () => {
      await make({ claimBatch: 2 });
      useCase.queue.push(aMessageFor('a'), aMessageFor('b'), aMessageFor('c'));
      consumer.start();
      await submitted('a', 'b', 'c');
      expect(useCase.deployer.submissions.map((jobs) => jobs.length)).toEqual([2, 1]);
    });

    it('requeues poison candidates before admission and claims them one at a time', async () => {
      const suspects = ['s', 't', 'u'].map((modelId) => ({ ...aMessageFor(modelId), stalls: 3 }));
      useCase.queue.push(aMessageFor('a'), ...suspects, aMessageFor('b'));
      let atFirstLook: readonly string[] = [];
      useCase.jobs.before = (call) => {
        if (call === 'admit' && atFirstLook.length === 0) {
          atFirstLook = useCase.queue.settled.map(({ settlement }) => settlement.kind);
        }
      };
      consumer.start();
      await submitted('a', 's', 't', 'u', 'b');
      expect(atFirstLook).toEqual(['release', 'release', 'release']);
      const submissions = useCase.deployer.submissions.map((jobs) => jobs.map((job) => job.request.record.modelId));
      expect(submissions.filter((models) => models.some((modelId) => 'stu'.includes(modelId)))).toEqual([
        ['s'],
        ['t'],
        ['u'],
      ]);
    });

    it('claims whole batches again after an unsuspicious message', async () => {
      useCase.queue.push({ ...aMessageFor('s'), stalls: 3 }, aMessageFor('a'), aMessageFor('b'), aMessageFor('c'));
      consumer.start();
      await submitted('s', 'a', 'b', 'c');
      useCase.queue.push(aMessageFor('d'), aMessageFor('e'), aMessageFor('f'));
      await submitted('d', 'e', 'f');
      expect(useCase.deployer.submissions.map((jobs) => jobs.length).slice(-2)).toEqual([1, 2]);
    });

    it('claims up to the in-flight limit', async () => {
      await make({ maxMessagesInFlight: 2, claimBatch: 2 });
      const [first, ...others] = [aMessageFor('a'), aMessageFor('b'), aMessageFor('c'), aMessageFor('d')] as const;
      useCase.queue.push(first, ...others);
      consumer.start();
      await submitted('a', 'b');
      await turns(3);
      expect(useCase.deployer.modelIds).toEqual(['a', 'b']);
      useCase.get(InFlightMessages).settled(first.lease, 'deployed');
      await submitted('c');
      await turns(3);
      expect(useCase.deployer.modelIds).toEqual(['a', 'b', 'c']);
      expect(useCase.queue.claims).toEqual([2, 1]);
    });

    it('records heartbeats during holds and failures', async () => {
      const turned = vi.spyOn(useCase.state, 'heartbeat');
      useCase.holds.set('no_lane', 'another replica holds it');
      consumer.start();
      await until('turns in a hold', () => turned.mock.calls.length >= 2);
      const outages = outage('claim', 1_000);
      useCase.holds.clear('no_lane');
      await until('turns in an outage', () => outages.left <= 998);
      expect(turned.mock.calls.length).toBeGreaterThanOrEqual(4);
      outages.left = 0;
    });
  });

  describe('holds', () => {
    it.each(['paused', 'starting', 'no_lane', 'insufficient_funds', 'rpc_unavailable'] as const)(
      'claims nothing during "%s" and goes on when it ends',
      async (reason) => {
        useCase.holds.set(reason, 'for the test');
        useCase.queue.push(aMessageFor('a'));
        consumer.start();
        await turns(3);
        expect(useCase.queue.claims).toEqual([]);
        expect(reasons()).toEqual([reason]);
        useCase.holds.clear(reason);
        await submitted('a');
      },
    );

    it('detects that Redis is available again', async () => {
      useCase.queue.push(aMessageFor('a'));
      outage('claim', 2);
      consumer.start();
      await until('the hold', () => reasons().includes('redis_unavailable'));
      await submitted('a');
      await until('the end of the hold', () => useCase.holds.list().length === 0);
      expect(useCase.logs.withMessage('processing paused')).toMatchObject([
        { level: 'warn', reason: 'redis_unavailable', detail: 'no reply' },
        { level: 'warn', reason: 'redis_unavailable', detail: 'no reply' },
      ]);
    });

    it('keeps the Redis hold until Redis replies', async () => {
      useCase.holds.set('no_lane', 'another replica holds it');
      useCase.holds.set('redis_unavailable', 'no reply');
      consumer.start();
      await turns(3);
      expect(reasons()).toContain('redis_unavailable');
    });

    it('continues after an outage during a wait', async () => {
      outage('wait', 2);
      consumer.start();
      await until('two outages', () => useCase.logs.withMessage('processing paused').length === 2);
      expect(reasons()).toEqual(['redis_unavailable']);
      useCase.queue.push(aMessageFor('a'));
      await submitted('a');
      await until('the end of the hold', () => useCase.holds.list().length === 0);
    });

    it('continues after an unexpected error in an iteration', async () => {
      let failures = 0;
      useCase.queue.before = (call) => {
        if (call !== 'claim' || failures > 0) return;
        failures += 1;
        throw new TypeError('a bug');
      };
      useCase.queue.push(aMessageFor('a'));
      consumer.start();
      await submitted('a');
      expect(useCase.logs.withMessage('consumer iteration failed, retrying')).toHaveLength(1);
      expect(useCase.holds.list().length > 0).toBe(false);
    });
  });

  describe('an outage during admission', () => {
    const GARBAGE = 'garbage';

    it.each([
      { stage: 'the admission', call: 'admit' },
      { stage: 'the settlement of what was rejected', call: 'settle' },
    ])('keeps the batch for the next turn when it hits $stage', async ({ call }) => {
      const [good, bad, copy] = [aMessageFor('a'), aClaimedMessage(GARBAGE), aMessageFor('a')];
      useCase.queue.push(good, bad, copy);
      const outages = outage(call, 2);
      consumer.start();
      await submitted('a');
      expect(outages.left).toBe(0);
      expect(useCase.queue.claims.length).toBeLessThanOrEqual(2);
      expect(useCase.jobs.modelIds).toEqual(['a']);
      expect(useCase.get(InFlightMessages).leasesOf(['a'])).toEqual([good.lease, copy.lease]);
      expect(useCase.queue.settled.map(({ lease, settlement }) => [lease, settlement.kind])).toEqual([
        [bad.lease, 'dead-letter'],
      ]);
      expect(await useCase.metric('messages_received_total')).toBe(3);
      expect(await useCase.metric('messages_retried_total')).toBe(0);
      expect(await useCase.metric('messages_dead_lettered_total')).toBe(1);
    });

    it('does not admit a message when its lease is lost', async () => {
      const [lost, kept] = [aMessageFor('a'), aMessageFor('b')];
      useCase.queue.push(lost, kept);
      const outages = outage('admit', 1_000);
      consumer.start();
      await until('the outage', () => outages.left < 1_000);
      useCase.queue.expire(lost.lease);
      useCase.get(InFlightMessages).remove(lost.lease);
      outages.left = 0;
      await submitted('b');
      expect(useCase.jobs.modelIds).toEqual(['b']);
    });
  });

  describe('an unexpected error', () => {
    beforeEach(() => {
      useCase.jobs.before = (call, modelIds) => {
        if (call === 'admit' && modelIds.includes('bad')) throw new TypeError('password=hunter2');
      };
    });

    it('retries only the message that caused the error', async () => {
      const [before, bad, after] = [aMessageFor('a'), aMessageFor('bad'), aMessageFor('b')];
      useCase.queue.push(before, bad, after);
      consumer.start();
      await submitted('a', 'b');
      expect(useCase.queue.settled).toMatchObject([
        { lease: bad.lease, settlement: { kind: 'retry', reason: 'internal_error' } },
      ]);
      expect(useCase.logs.withMessage('batch admission failed, retrying one message at a time')).toHaveLength(1);
    });

    it('dead-letters the message without the error text when its retries are exhausted', async () => {
      const bad = aMessageFor('bad', {}, { max_retries: 0 });
      useCase.queue.push(aMessageFor('a'), bad);
      consumer.start();
      const settlement = await until('the dead letter', () => useCase.queue.settlementOf(bad.lease));
      expect(settlement.kind === 'dead-letter' && JSON.parse(settlement.entry)).toMatchObject({
        reason: 'internal_error',
        error: 'unexpected TypeError, see the log',
        message_id: 'message-bad',
      });
      await submitted('a');
      expect(JSON.stringify(useCase.queue.settled)).not.toContain('hunter2');
    });

    it('consumes no retry of other messages during an outage', async () => {
      const [bad, neighbour] = [aMessageFor('bad'), aMessageFor('a')];
      let outages = 0;
      useCase.jobs.before = (_call, modelIds) => {
        if (modelIds.includes('bad')) throw new TypeError('a bug');
        outages += 1;
        if (outages === 1) throw new HoldError('redis_unavailable', 'no reply');
      };
      useCase.queue.push(bad, neighbour);
      consumer.start();
      await submitted('a');
      expect(useCase.queue.settled.map(({ lease }) => lease)).toEqual([bad.lease]);
    });

    it('consumes one retry when an outage interrupts the settlement', async () => {
      const bad = aMessageFor('bad');
      useCase.queue.push(aMessageFor('a'), bad, aMessageFor('b'));
      let outages = 0;
      useCase.queue.before = (call) => {
        if (call !== 'settle' || outages === 2) return;
        outages += 1;
        throw new HoldError('redis_unavailable', 'no reply');
      };
      consumer.start();
      await submitted('a', 'b');
      expect(outages).toBe(2);
      expect(await useCase.metric('messages_retried_total', { reason: 'internal_error' })).toBe(1);
      expect(useCase.queue.settled).toHaveLength(1);
    });
  });

  describe('repeated admission', () => {
    it('submits the job of a waiting message when another replica released it', async () => {
      const message = aMessageFor('a');
      useCase.jobs.before = (_call, [modelId = '']) => {
        if (!useCase.jobs.modelIds.includes(modelId)) return;
        useCase.jobs.change(modelId, { state: 'admitted' });
      };
      useCase.queue.push(message);
      consumer.start();
      await submitted('a');
      later(MINUTE_MS);
      useCase.queue.push(aMessageFor('b'));
      await until('another submission', () => useCase.deployer.modelIds.filter((id) => id === 'a').length === 2);
      expect(useCase.queue.settled).toEqual([]);
      expect(await useCase.metric('messages_received_total')).toBe(2);
      expect(await useCase.metric('message_age_seconds_count')).toBe(2);
    });

    it('does not submit a job in a transaction and asks once a minute', async () => {
      const message = aMessageFor('a');
      useCase.queue.push(message);
      consumer.start();
      await submitted('a');
      useCase.jobs.change('a', { state: 'submitted' });
      later(MINUTE_MS);
      useCase.queue.push(aMessageFor('b'));
      await submitted('b');
      useCase.queue.push(aMessageFor('c'));
      await submitted('c');
      expect(useCase.jobs.admitted.filter(({ lease }) => lease === message.lease)).toHaveLength(2);
      expect(useCase.deployer.modelIds.filter((id) => id === 'a')).toHaveLength(1);
      expect(useCase.get(InFlightMessages).has(message.lease)).toBe(true);
    });
  });

  describe('stop', () => {
    it('does not wait for a blocking read', async () => {
      let waits = 0;
      useCase.queue.before = (call) => {
        if (call === 'wait') waits += 1;
      };
      consumer.start();
      await until('the wait', () => waits === 1);
      await consumer.stop();
      expect(useCase.queue.claims).toHaveLength(1);
    });

    it('ends a sleep early and claims nothing', async () => {
      useCase.holds.set('paused', 'for the test');
      useCase.queue.push(aMessageFor('a'));
      consumer.start();
      await turns(2);
      await consumer.stop();
      useCase.holds.clear('paused');
      expect(useCase.queue.claims).toEqual([]);
    });

    it('waits for the current iteration', async () => {
      const turnstile = new Barrier();
      useCase.jobs.before = turnstile.wait;
      useCase.queue.push(aMessageFor('a'));
      consumer.start();
      await until('the admission', () => turnstile.reached);
      let stopped = false;
      const stop = consumer.stop().then(() => {
        stopped = true;
      });
      await new Promise(setImmediate);
      expect(stopped).toBe(false);
      turnstile.open();
      await stop;
      expect(useCase.deployer.modelIds).toEqual(['a']);
    });

    it('ends during an outage', async () => {
      const message = aMessageFor('a');
      useCase.queue.push(message);
      const outages = outage('admit', 1_000);
      consumer.start();
      await until('the outage', () => outages.left < 1_000);
      await consumer.stop();
      expect(outages.left).toBeGreaterThan(900);
      expect(useCase.get(InFlightMessages).leases).toEqual([message.lease]);
    });

    it('removes its abort listeners after each wait', async () => {
      const listen = vi.spyOn(AbortSignal.prototype, 'addEventListener');
      consumer.start();
      for (const modelId of ['a', 'b', 'c', 'd', 'e']) {
        useCase.queue.push(aMessageFor(modelId));
        await submitted(modelId);
      }
      await until('the last wait', () => listen.mock.contexts.length >= 5);
      const signal = listen.mock.contexts.at(-1);
      listen.mockRestore();
      if (!(signal instanceof AbortSignal)) throw new Error('no signal');
      expect(getEventListeners(signal, 'abort').length).toBeLessThanOrEqual(1);
    });
  });
});
