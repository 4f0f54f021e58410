import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { SweepReport } from '#core';
import { until } from '../../support/until.js';
import { KEYS, QueueFixture, texts, present } from './queue.fixture.js';

let fixture: QueueFixture;
beforeAll(async () => {
  fixture = await QueueFixture.start();
});
beforeEach(async () => await fixture.reset());
afterAll(async () => await fixture.stop());

/** As the consumer of the integration guide takes a message: without a lease. */
async function claimAsForeignConsumer(count = 1): Promise<void> {
  for (let i = 0; i < count; i += 1) await fixture.client.rpoplpush(KEYS.main, KEYS.processing);
}

/** Unix milliseconds. */
async function redisNow(): Promise<number> {
  const [seconds, microseconds] = await fixture.client.time();
  return Number(seconds) * 1_000 + Math.floor(Number(microseconds) / 1_000);
}

/** Claims up to `limit` messages as a process that crashes, and sweeps its leases. */
async function crash(limit: number): Promise<void> {
  const crashed = await fixture.replica({ leaseDurationMs: 1 });
  const { length } = await crashed.claim(limit);
  let expired = 0;
  await until('the sweep', async () => {
    expired += (await crashed.sweep()).expired;
    return expired === length;
  });
}

describe('sweep of expired leases', () => {
  it('returns the messages of a crashed replica to the head, and counts the stall', async () => {
    const crashed = await fixture.replica({ leaseDurationMs: 20 });
    const alive = await fixture.replica();
    await fixture.produce('a', 'b');
    await crashed.claim(1);

    await until('the sweep', async () => (await alive.sweep()).expired === 1);

    const messages = await alive.claim(2);
    expect(texts(messages)).toEqual(['a', 'b']);
    expect(messages.map(({ stalls, deliveries, attempts }) => [stalls, deliveries, attempts])).toEqual([
      [1, 2, 0],
      [0, 1, 0],
    ]);
  });

  it('returns large messages in several calls, in their order', async () => {
    const crashed = await fixture.replica({ leaseDurationMs: 1 });
    const letters = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j'];
    for (const letter of letters) await fixture.produce(letter.repeat(5 * 1024 * 1024));
    for (const _ of letters) await crashed.claim(9);

    const swept: number[] = [];
    await until('the sweeps', async () => {
      swept.push((await crashed.sweep()).expired);
      return swept.reduce((sum, count) => sum + count, 0) === letters.length;
    });

    expect(swept.filter((count) => count > 0)).toEqual([7, 3]);
    expect((await fixture.messagesIn(KEYS.main)).map((message) => message[0])).toEqual(letters);
    expect(await fixture.client.llen(KEYS.processing)).toBe(0);
  });

  it('shortens a lease that ends later than any can, so that only a live replica keeps its message', async () => {
    const settings = { leaseDurationMs: 500 };
    const [crashed, live] = [await fixture.replica(settings), await fixture.replica(settings)];
    await fixture.produce('a', 'b');
    await crashed.claim(1);
    const [kept] = await live.claim(1);
    const hourAhead = (await redisNow()) + 3_600_000;
    for (const lease of await fixture.client.zrange(KEYS.leases, '0', '-1'))
      await fixture.client.zadd(KEYS.leases, hourAhead, lease);

    expect((await live.sweep()).expired).toBe(0);
    await until('the sweep of the other', async () => {
      expect(await live.renew([present(kept).lease])).toEqual([]);
      return (await live.sweep()).expired === 1;
    });
    expect(texts(await live.claim(2))).toEqual(['a']);
  });

  it.each([
    ['as they were claimed', false],
    ['when they were renewed together', true],
  ])('returns 1,200 messages of a crashed replica in their order, %s', async (_, renewed) => {
    const crashed = await fixture.replica({ leaseDurationMs: 200 });
    const alive = await fixture.replica();
    const produced = Array.from({ length: 1_203 }, (_unused, i) => `m${i}`);
    await fixture.client.lpush(KEYS.main, ...produced);
    const leases: string[] = [];
    for (const limit of [500, 150, 7, 500, 43]) {
      leases.push(...(await crashed.claim(limit)).map(({ lease }) => lease));
    }
    if (renewed) await crashed.renew(leases);

    await until('the leases to run out', async () => {
      const newest = await fixture.client.zrange(KEYS.leases, '-1', '-1', 'WITHSCORES');
      return (await redisNow()) > Number(newest[1]);
    });
    expect((await alive.sweep()).expired).toBe(1_200);

    expect(texts([...(await alive.claim(500)), ...(await alive.claim(500)), ...(await alive.claim(500))])).toEqual(
      produced,
    );
  });

  it('leaves leases alone that are renewed', async () => {
    const queue = await fixture.replica();
    await fixture.produce('a');
    await queue.claim(1);
    expect(await queue.sweep()).toEqual({ expired: 0, orphaned: 0 });
    expect(await fixture.messagesIn(KEYS.processing)).toEqual(['a']);
  });

  it('returns each message once when many replicas sweep', async () => {
    const crashed = await fixture.replica({ leaseDurationMs: 1 });
    const replicas = await Promise.all([fixture.replica(), fixture.replica()]);
    await fixture.produce(...Array.from({ length: 30 }, (_, i) => `m${i}`));
    await crashed.claim(30);

    let expired = 0;
    await until('all sweeps', async () => {
      const reports = await Promise.all([...replicas, ...replicas].map((replica) => replica.sweep()));
      for (const report of reports) expired += report.expired;
      return (await fixture.client.zcard(KEYS.leases)) === 0;
    });

    expect(expired).toBe(30);
    expect(await fixture.client.llen(KEYS.main)).toBe(30);
    expect(await fixture.client.llen(KEYS.processing)).toBe(0);
  });

  it('counts a crash once for all copies of the same bytes', async () => {
    await fixture.produce('same', 'same', 'same', 'same', 'same', 'other');
    await crash(6);
    const messages = await (await fixture.replica()).claim(6);
    expect(messages.map(({ stalls }) => stalls)).toEqual([1, 1, 1, 1, 1, 1]);
  });

  it('counts a crash once when the leases of one process expire at different times', async () => {
    const crashed = await fixture.replica();
    await fixture.produce('same', 'same');
    for (const [message] of [await crashed.claim(1), await crashed.claim(1)]) {
      await fixture.client.zadd(KEYS.leases, 1, present(message).lease);
      await until('the sweep', async () => (await crashed.sweep()).expired === 1);
    }
    expect((await (await fixture.replica()).claim(1))[0]?.stalls).toBe(1);
  });

  it('counts no more than two crashes of processes that held a message with others', async () => {
    await fixture.produce('a', 'b');
    for (let crashes = 0; crashes < 4; crashes += 1) await crash(2);
    const queue = await fixture.replica();
    const messages = await queue.claim(2);
    expect(messages.map(({ stalls }) => stalls)).toEqual([2, 2]);
    await queue.settle(messages.map(({ lease }) => ({ lease, settlement: { kind: 'release' } })));

    await crash(1);
    await crash(1);
    expect((await queue.claim(2)).map(({ stalls }) => stalls)).toEqual([4, 2]);
  });

  it.each([
    ['forgets', 'retry', 0],
    ['keeps', 'release', 1],
  ] as const)('%s the stalls of a message when it settles as %s', async (_verb, kind, stalls) => {
    const queue = await fixture.replica();
    await fixture.produce('a');
    await crash(1);
    const [stalled] = await queue.claim(1);
    expect(stalled?.stalls).toBe(1);

    const settlement = kind === 'retry' ? ({ kind, delayMs: 0, reason: 'internal_error' } as const) : { kind };
    await queue.settle([{ lease: present(stalled).lease, settlement }]);
    await queue.promote();

    expect((await queue.claim(1))[0]?.stalls).toBe(stalls);
  });

  it('waits for one lease after the connection was lost, so that every consumer can renew first', async () => {
    const queue = await fixture.replica({ leaseDurationMs: 1_000 });
    await fixture.produce('a');
    const [message] = await queue.claim(1);
    await fixture.client.zadd(KEYS.leases, 1, present(message).lease);
    await fixture.client.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');

    const reports: SweepReport[] = [];
    await until('the connection', async () => {
      reports.push(await queue.sweep());
      return true;
    });
    expect(reports).toEqual([{ expired: 0, orphaned: 0 }]);

    await until('the sweep', async () => (await queue.sweep()).expired === 1);
  });
});

describe('sweep of orphans', () => {
  it('returns what a foreign consumer left, oldest first, not at the first sight', async () => {
    const queue = await fixture.replica({ processingTimeoutMs: 0 });
    await fixture.produce('a', 'b', 'c');
    await claimAsForeignConsumer(2);

    expect(await queue.sweep()).toEqual({ expired: 0, orphaned: 0 });
    expect(await fixture.messagesIn(KEYS.processing)).toEqual(['a', 'b']);

    expect(await queue.sweep()).toEqual({ expired: 0, orphaned: 2 });
    expect(await fixture.messagesIn(KEYS.main)).toEqual(['a', 'b', 'c']);
    expect(await fixture.messagesIn(KEYS.processing)).toEqual([]);
  });

  it('leaves a foreign consumer its time', async () => {
    const queue = await fixture.replica({ processingTimeoutMs: 60_000 });
    await fixture.produce('a');
    await claimAsForeignConsumer();

    await queue.sweep();
    expect((await queue.sweep()).orphaned).toBe(0);

    const [digest] = await fixture.client.zrange(KEYS.orphans, '0', '-1');
    await fixture.client.zadd(KEYS.orphans, Date.now() - 61_000, present(digest));
    expect((await queue.sweep()).orphaned).toBe(1);
  });

  it('leaves the leased copy and returns the foreign one of the same bytes', async () => {
    const queue = await fixture.replica({ processingTimeoutMs: 0 });
    await fixture.produce('same', 'same');
    await claimAsForeignConsumer();
    const [leased] = await queue.claim(1);

    await queue.sweep();
    expect((await queue.sweep()).orphaned).toBe(1);

    expect(await fixture.messagesIn(KEYS.main)).toEqual(['same']);
    expect(await fixture.messagesIn(KEYS.processing)).toEqual(['same']);
    expect(await queue.settle([{ lease: present(leased).lease, settlement: { kind: 'ack' } }])).toEqual(['settled']);
  });

  it('returns every copy of the same bytes', async () => {
    const queue = await fixture.replica({ processingTimeoutMs: 0 });
    await fixture.produce('same', 'same', 'same');
    await claimAsForeignConsumer(3);

    await queue.sweep();
    expect((await queue.sweep()).orphaned).toBe(3);

    expect(await fixture.messagesIn(KEYS.main)).toEqual(['same', 'same', 'same']);
    expect(await fixture.messagesIn(KEYS.processing)).toEqual([]);
  });

  it('returns a claimed message whose lease is missing, and fences its holder', async () => {
    const queue = await fixture.replica({ processingTimeoutMs: 0 });
    await fixture.produce('a', 'b');
    const leases = (await queue.claim(2)).map(({ lease }) => lease);
    await fixture.client.zrem(KEYS.leases, present(leases[0]));

    await queue.sweep();
    expect(await queue.sweep()).toEqual({ expired: 0, orphaned: 1 });

    expect(await fixture.messagesIn(KEYS.main)).toEqual(['a']);
    expect(await fixture.messagesIn(KEYS.processing)).toEqual(['b']);
    expect(await fixture.client.hkeys(KEYS.inflight)).toEqual([leases[1]]);
    expect(await queue.settle(leases.map((lease) => ({ lease, settlement: { kind: 'ack' } })))).toEqual([
      'fenced',
      'settled',
    ]);
  });

  it('returns a claimed message whose lease has no bytes', async () => {
    const queue = await fixture.replica({ processingTimeoutMs: 0 });
    await fixture.produce('a');
    const [message] = await queue.claim(1);
    await fixture.client.hdel(KEYS.inflight, present(message).lease);

    await queue.sweep();

    expect((await queue.sweep()).orphaned).toBe(1);
    expect(await fixture.messagesIn(KEYS.main)).toEqual(['a']);
  });

  it('forgets the first sight when processing holds no orphan any more', async () => {
    const queue = await fixture.replica({ processingTimeoutMs: 0 });
    await fixture.produce('a');
    await claimAsForeignConsumer();
    await queue.sweep();
    await fixture.client.lrem(KEYS.processing, 1, 'a');
    await queue.sweep();
    await fixture.produce('a');
    await claimAsForeignConsumer();

    expect((await queue.sweep()).orphaned).toBe(0);
  });

  it('finds orphans in a long list, one window at a time', async () => {
    const queue = await fixture.replica({ processingTimeoutMs: 0 });
    await fixture.client.lpush(KEYS.processing, ...Array.from({ length: 1_700 }, (_, i) => `m${i}`));

    let orphaned = 0;
    await until('all orphans', async () => {
      const report = await queue.sweep();
      expect(report.orphaned).toBeLessThanOrEqual(500);
      orphaned += report.orphaned;
      return orphaned === 1_700;
    });

    expect(await fixture.client.llen(KEYS.main)).toBe(1_700);
    expect(await fixture.client.llen(KEYS.processing)).toBe(0);
  });

  it('finds an orphan behind more leased messages than one window holds', async () => {
    const queue = await fixture.replica({ processingTimeoutMs: 0 });
    await fixture.client.lpush(KEYS.main, ...Array.from({ length: 900 }, (_, i) => `m${i}`), 'orphan');
    await queue.claim(500);
    await queue.claim(400);
    await claimAsForeignConsumer();

    await until('the orphan', async () => (await queue.sweep()).orphaned === 1);

    expect(await fixture.messagesIn(KEYS.main)).toEqual(['orphan']);
  });
});
