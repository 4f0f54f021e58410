import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ACTION, QUEUE, KEYS, QueueFixture, texts, present } from './queue.fixture.js';
import { RedisDeadLetters, RedisHoldExchange } from '#queue';
import { until } from '../../support/until.js';

let fixture: QueueFixture;
beforeAll(async () => {
  fixture = await QueueFixture.start();
});
beforeEach(async () => await fixture.reset());
afterAll(async () => await fixture.stop());

/** From here on Redis refuses every write that could need memory. */
async function fill(): Promise<void> {
  await fixture.client.config('SET', 'maxmemory', '1');
  await expect(fixture.client.lpush(KEYS.main, 'x')).rejects.toThrow(/^OOM/);
}

describe('a Redis that is out of memory', () => {
  it('is drained: claims, renewals and every settlement still run', async () => {
    const queue = await fixture.replica();
    await fixture.produce('a', 'b', 'c', 'd');
    await fill();

    const messages = await queue.claim(10);
    expect(texts(messages)).toEqual(['a', 'b', 'c', 'd']);
    expect(await queue.renew(messages.map(({ lease }) => lease))).toEqual([]);
    const [a, b, c, d] = messages.map(({ lease }) => lease);
    expect(await queue.settle([{ lease: present(a), settlement: { kind: 'ack' } }])).toEqual(['settled']);
    expect(await queue.settle([{ lease: present(b), settlement: { kind: 'release' } }])).toEqual(['settled']);
    expect(
      await queue.settle([{ lease: present(c), settlement: { kind: 'retry', delayMs: 0, reason: 'internal_error' } }]),
    ).toEqual(['settled']);
    expect(await queue.settle([{ lease: present(d), settlement: { kind: 'dead-letter', entry: '{}' } }])).toEqual([
      'settled',
    ]);
    expect(await queue.promote()).toBe(1);
    expect(await fixture.messagesIn(KEYS.main)).toEqual(['c', 'b']);
  });

  it('is swept', async () => {
    const queue = await fixture.replica({ leaseDurationMs: 1, processingTimeoutMs: 0 });
    await fixture.produce('leased', 'orphan');
    await queue.claim(1);
    await fixture.client.rpoplpush(KEYS.main, KEYS.processing);
    await fill();

    await until('the expired lease', async () => (await queue.sweep()).expired === 1);
    await until('the orphan', async () => (await queue.sweep()).orphaned === 1);
    expect((await fixture.messagesIn(KEYS.main)).toSorted()).toEqual(['leased', 'orphan']);
  });

  it('can be paused, and its dead letters replayed', async () => {
    const connections = await fixture.connect();
    const queue = await fixture.replica({}, connections);
    const letters = new RedisDeadLetters(connections, { queueName: QUEUE });
    await fixture.client.lpush(KEYS.deadLetter, JSON.stringify({ original_message: 'm', error: 'e' }));
    await fill();

    await queue.pause(ACTION, null);
    expect(await queue.isPaused()).toBe(true);
    const [letter] = (await letters.list({ limit: 1 })).items;
    expect(await letters.replay(present(letter), ACTION)).toBe('replayed');
    expect(await fixture.messagesIn(KEYS.main)).toEqual(['m']);
  });

  it('shares holds', async () => {
    const exchange = new RedisHoldExchange(await fixture.connect(), { queueName: QUEUE });
    await fill();
    const own = { replica: 'a', standby: false, holds: [] };
    await expect(exchange.exchange(own, [])).resolves.toMatchObject({ replicas: [own] });
  });

  it('makes waiting slow instead of failing', async () => {
    const queue = await fixture.replica();
    await fixture.produce('a');
    await fill();
    const start = performance.now();
    await queue.wait(100);
    expect(performance.now() - start).toBeGreaterThan(90);
  });
});
