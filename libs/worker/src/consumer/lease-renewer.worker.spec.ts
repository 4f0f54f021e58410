import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { aMessageFor } from '../../../../test/support/fixtures/claimed-message.fixture.js';
import { Barrier } from '../../../../test/support/barrier.js';
import { until } from '../../../../test/support/until.js';
import { WorkerHarness } from '../../../../test/support/worker-harness.js';
import { HoldError } from '#core';
import { LeaseRenewer } from './lease-renewer.worker.js';
import { InFlightMessages } from './in-flight-messages.js';

describe('LeaseRenewer', () => {
  const [first, second] = [aMessageFor('a'), aMessageFor('b')];
  let useCase: WorkerHarness;
  let keeper: LeaseRenewer;

  beforeEach(async () => {
    useCase = await WorkerHarness.create({ leaseDurationMs: 30 });
    keeper = useCase.get(LeaseRenewer);
  });
  afterEach(async () => {
    await keeper.stop();
  });

  async function take(): Promise<void> {
    useCase.queue.push(first, second);
    useCase.get(InFlightMessages).add(await useCase.queue.claim(2));
  }

  async function renewals(count: number): Promise<void> {
    const wanted = useCase.queue.renewals.length + count;
    await until(`${count} renewals`, () => useCase.queue.renewals.length >= wanted, { everyMs: 2 });
  }

  it('renews all in-flight leases repeatedly', async () => {
    await take();
    keeper.start();
    await renewals(3);
    expect(useCase.queue.renewals.at(-1)).toEqual([first.lease, second.lease]);
    expect(useCase.get(InFlightMessages).size).toBe(2);
  });

  it('removes messages with lost leases and keeps the others', async () => {
    await take();
    useCase.queue.expire(first.lease);
    keeper.start();
    await renewals(3);
    expect(useCase.get(InFlightMessages).leases).toEqual([second.lease]);
    expect(useCase.queue.renewals.at(-1)).toEqual([second.lease]);
    expect(await useCase.metric('messages_processed_total')).toBe(0);
  });

  it('keeps a message for one more renewal when its settlement may be pending', async () => {
    await take();
    useCase.queue.expire(first.lease);
    keeper.start();
    await renewals(1);
    expect(useCase.get(InFlightMessages).leases).toEqual([first.lease, second.lease]);
  });

  it('renews three times per lease', async () => {
    const leaseDurationMs = 300;
    useCase = await WorkerHarness.create({ leaseDurationMs });
    keeper = useCase.get(LeaseRenewer);
    await take();
    const times: number[] = [];
    useCase.queue.before = () => {
      times.push(Date.now());
    };
    keeper.start();
    await renewals(4);
    const shortest = Math.min(...times.slice(1).map((time, index) => time - (times[index] ?? 0)));
    expect(shortest).toBeGreaterThan(leaseDurationMs / 4);
    expect(shortest).toBeLessThan(leaseDurationMs / 2);
  });

  it('keeps all messages through an outage', async () => {
    await take();
    let failures = 0;
    useCase.queue.before = () => {
      if (failures < 2) {
        failures += 1;
        throw new HoldError('redis_unavailable', 'no reply');
      }
    };
    keeper.start();
    await renewals(1);
    expect(failures).toBe(2);
    expect(useCase.get(InFlightMessages).size).toBe(2);
    expect(useCase.logs.withMessage('lease renewal failed, retrying')).toHaveLength(2);
  });

  it('waits for the current renewal when it stops', async () => {
    await take();
    const turnstile = new Barrier();
    useCase.queue.before = turnstile.wait;
    keeper.start();
    await until('a renewal', () => turnstile.reached);
    let stopped = false;
    const stop = keeper.stop().then(() => {
      stopped = true;
    });
    await new Promise(setImmediate);
    expect(stopped).toBe(false);
    turnstile.open();
    await stop;
    expect(useCase.queue.renewals).toHaveLength(1);
  });

  it('stops at once between renewals', async () => {
    useCase = await WorkerHarness.create({ leaseDurationMs: 3_600_000 });
    keeper = useCase.get(LeaseRenewer);
    await take();
    keeper.start();
    await keeper.stop();
    expect(useCase.queue.renewals).toEqual([]);
  });
});
