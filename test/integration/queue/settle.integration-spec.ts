import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ClaimedMessage, Settlement } from '#core';
import { until } from '../../support/until.js';
import { KEYS, QueueFixture, texts, present } from './queue.fixture.js';

let fixture: QueueFixture;
beforeAll(async () => {
  fixture = await QueueFixture.start();
});
beforeEach(async () => await fixture.reset());
afterAll(async () => await fixture.stop());

const ACK: Settlement = { kind: 'ack' };
const RELEASE: Settlement = { kind: 'release' };
const RETRY: Settlement = { kind: 'retry', delayMs: 0, reason: 'internal_error' };
const DEAD: Settlement = { kind: 'dead-letter', entry: '{"id":"1","note":"ü"}' };

function all(messages: readonly ClaimedMessage[], settlement: Settlement) {
  return messages.map(({ lease }) => ({ lease, settlement }));
}

describe('settle', () => {
  it('acknowledges: nothing is left of the message', async () => {
    const queue = await fixture.replica();
    await fixture.produce('a', 'b');

    expect(await queue.settle(all(await queue.claim(2), ACK))).toEqual(['settled', 'settled']);

    expect(await fixture.keysInUse()).toEqual([]);
  });

  it('releases to the head of the queue, in order, and counts no attempt', async () => {
    const queue = await fixture.replica();
    await fixture.produce('a', 'b', 'c');

    await queue.settle(all(await queue.claim(2), RELEASE));

    const again = await queue.claim(3);
    expect(texts(again)).toEqual(['a', 'b', 'c']);
    expect(again.map(({ attempts, deliveries }) => [attempts, deliveries])).toEqual([
      [0, 2],
      [0, 2],
      [0, 1],
    ]);
  });

  it('releases more messages than one script takes in their order', async () => {
    const queue = await fixture.replica();
    const produced = Array.from({ length: 1_203 }, (_, i) => `m${i}`);
    await fixture.client.lpush(KEYS.main, ...produced);
    const claimed = [...(await queue.claim(500)), ...(await queue.claim(500)), ...(await queue.claim(200))];

    expect(new Set(await queue.settle(all(claimed, RELEASE)))).toEqual(new Set(['settled']));

    const again = [...(await queue.claim(500)), ...(await queue.claim(500)), ...(await queue.claim(500))];
    expect(texts(again)).toEqual(produced);
  });

  it('puts nothing anywhere while a key has the wrong type, and each message once when it is repaired', async () => {
    const queue = await fixture.replica();
    const settlements = [DEAD, RELEASE, RETRY] as const;
    for (const key of [KEYS.processing, KEYS.leases, KEYS.stalls, KEYS.meta, KEYS.main, KEYS.delayed]) {
      await fixture.reset();
      await fixture.produce('a', 'b', 'c');
      const claimed = await queue.claim(3);
      const wanted = claimed.map(({ lease }, i) => ({ lease, settlement: settlements[i] ?? DEAD }));
      const stored = await fixture.client.dumpBuffer(key);
      await fixture.client.del(key);
      await fixture.client.xadd(key, '*', 'a', 'stream');
      for (let repeat = 0; repeat < 3; repeat += 1)
        await expect(queue.settle(wanted)).rejects.toMatchObject({ reason: 'ledger_unreadable' });
      await fixture.client.del(key);
      if (stored) await fixture.client.restore(key, 0, stored);
      await queue.settle(wanted);
      const { client } = fixture;
      const lengths = [client.llen(KEYS.deadLetter), client.llen(KEYS.main), client.zcard(KEYS.delayed)];
      expect({ key, lengths: await Promise.all(lengths) }).toEqual({ key, lengths: [1, 1, 1] });
    }
  });

  it('moves at most 50 messages in one script, so that large ones do not block Redis', async () => {
    const queue = await fixture.replica();
    await fixture.produce(...Array.from({ length: 120 }, (_, i) => `m${i}`));
    const claimed = await queue.claim(120);
    await queue.settle(all(claimed.slice(0, 1), ACK));
    await fixture.client.config('RESETSTAT');
    await queue.settle(all(claimed.slice(1), RELEASE));
    expect(await fixture.client.info('commandstats')).toContain('cmdstat_evalsha:calls=3,');
  });

  it('answers in the order of the settlements, however they are mixed', async () => {
    const queue = await fixture.replica();
    await fixture.client.lpush(KEYS.main, ...Array.from({ length: 500 }, (_, i) => `m${i}`));
    const claimed = await queue.claim(500);
    await queue.settle(all(claimed.slice(0, 1), ACK));

    const results = await queue.settle([
      ...claimed.map(({ lease }, i) => ({ lease, settlement: [ACK, ACK, RETRY, DEAD, RELEASE][i % 5] ?? ACK })),
      { lease: 'unknown:0000000001:001', settlement: ACK },
    ]);

    const expected = ['already', ...Array.from({ length: 499 }, () => 'settled'), 'already'];
    expect(results).toEqual(expected);
    expect(await fixture.client.zcard(KEYS.delayed)).toBe(100);
    expect(await fixture.client.llen(KEYS.deadLetter)).toBe(100);
    expect(await fixture.messagesIn(KEYS.main)).toEqual(texts(claimed.filter((_, i) => i % 5 === 4)));
    expect(await fixture.client.llen(KEYS.processing)).toBe(0);
  });

  it('delays a retry, counts the attempt, and promotes it to the head when it is due', async () => {
    const queue = await fixture.replica();
    await fixture.produce('a', 'b');
    const [first] = await queue.claim(1);

    await queue.settle(all([present(first)], { ...RETRY, delayMs: 300 }));
    expect(await queue.promote()).toBe(0);
    expect(await fixture.client.zcard(KEYS.delayed)).toBe(1);
    expect(await fixture.messagesIn(KEYS.processing)).toEqual([]);

    await until('the retry', async () => (await queue.promote()) === 1);
    expect(await fixture.client.zcard(KEYS.delayed)).toBe(0);
    const again = await queue.claim(2);
    expect(texts(again)).toEqual(['a', 'b']);
    expect(again[0]).toMatchObject({ attempts: 1, deliveries: 2, firstSeenAt: present(first).firstSeenAt });
  });

  it('delays a message without counting an attempt when it is due later', async () => {
    const queue = await fixture.replica();
    await fixture.produce('a');
    const delay: Settlement = { kind: 'delay', delayMs: 0 };
    expect(await queue.settle(all(await queue.claim(1), delay))).toEqual(['settled']);
    await until('the message', async () => (await queue.promote()) === 1);
    expect(await queue.claim(1)).toMatchObject([{ attempts: 0, deliveries: 2 }]);
  });

  it('promotes the retry that is due first to be taken first', async () => {
    const queue = await fixture.replica();
    await fixture.produce('late', 'early');
    const [late, early] = await queue.claim(2);
    await queue.settle(all([present(late)], { ...RETRY, delayMs: 300 }));
    await queue.settle(all([present(early)], RETRY));

    const due = async (): Promise<number> => await fixture.client.zcount(KEYS.delayed, 0, Date.now());
    await until('both retries to be due', async () => (await due()) === 2);
    expect(await queue.promote()).toBe(2);
    expect(texts(await queue.claim(2))).toEqual(['early', 'late']);
  });

  it('keeps two delayed copies of the same bytes apart', async () => {
    const queue = await fixture.replica();
    await fixture.produce('same', 'same');

    await queue.settle(all(await queue.claim(2), RETRY));

    expect(await fixture.client.zcard(KEYS.delayed)).toBe(2);
    expect(await queue.promote()).toBe(2);
    const [again] = await queue.claim(2);
    expect(again?.attempts).toBe(2);
  });

  it('dead-letters with the entry it is given, at the end where the producer pushes too', async () => {
    const queue = await fixture.replica();
    await fixture.client.lpush(KEYS.deadLetter, 'older');
    await fixture.produce('a');

    expect(await queue.settle(all(await queue.claim(1), DEAD))).toEqual(['settled']);

    expect(await fixture.messagesIn(KEYS.deadLetter)).toEqual(['older', '{"id":"1","note":"ü"}']);
    expect(await fixture.keysInUse()).toEqual([KEYS.deadLetter]);
  });

  it('settles only one of two copies of the same bytes', async () => {
    const queue = await fixture.replica();
    await fixture.produce('same', 'same');
    const [one, other] = await queue.claim(2);

    await queue.settle(all([present(one)], ACK));

    expect(await fixture.messagesIn(KEYS.processing)).toEqual(['same']);
    expect(await queue.settle(all([present(other)], ACK))).toEqual(['settled']);
    expect(await fixture.messagesIn(KEYS.processing)).toEqual([]);
  });

  it('answers `already` to a repeat after any first settlement', async () => {
    const queue = await fixture.replica();
    for (const settlement of [ACK, RELEASE, RETRY, DEAD]) {
      await fixture.reset();
      await fixture.produce('a');
      const messages = await queue.claim(1);
      await queue.settle(all(messages, settlement));
      const before = await snapshot();

      for (const repeat of [ACK, RELEASE, RETRY, DEAD]) {
        expect(await queue.settle(all(messages, repeat))).toEqual(['already']);
      }
      expect(await snapshot()).toEqual(before);
    }
  });

  it('settles a lease once that stands twice in one call', async () => {
    const queue = await fixture.replica();
    await fixture.produce('a');
    const [message] = await queue.claim(1);
    expect(await queue.settle(all([present(message), present(message)], RELEASE))).toEqual(['settled', 'already']);
    expect(await fixture.messagesIn(KEYS.main)).toEqual(['a']);
  });

  it('answers already, not lost, when the reply of the first settlement did not arrive', async () => {
    const queue = await fixture.faultyReplica();
    await fixture.produce('a', 'b', 'c', 'd');
    await queue.settle(all(await queue.claim(1), ACK));
    const [retried, released, dead] = await queue.claim(3);
    fixture.proxy.dropReplies(1);

    const results = await queue.settle([
      ...all([present(retried)], RETRY),
      ...all([present(released)], RELEASE),
      ...all([present(dead)], DEAD),
    ]);

    expect(results).toEqual(['already', 'already', 'already']);
    expect(await fixture.client.zcard(KEYS.delayed)).toBe(1);
    expect(await fixture.messagesIn(KEYS.main)).toEqual(['c']);
    expect(await fixture.client.llen(KEYS.deadLetter)).toBe(1);
  });

  it('settles thousands of messages in one call', async () => {
    const queue = await fixture.replica();
    await fixture.client.lpush(KEYS.main, ...Array.from({ length: 1_200 }, (_, i) => `m${i}`));
    const messages = [...(await queue.claim(500)), ...(await queue.claim(500)), ...(await queue.claim(500))];
    const results = await queue.settle(all(messages, ACK));
    expect(results).toHaveLength(1_200);
    expect(new Set(results)).toEqual(new Set(['settled']));
  });

  it('moves the message although a foreign consumer has removed it from processing', async () => {
    const queue = await fixture.replica();
    await fixture.produce('a');
    const messages = await queue.claim(1);
    await fixture.client.lrem(KEYS.processing, 1, 'a');

    expect(await queue.settle(all(messages, RELEASE))).toEqual(['settled']);

    expect(await fixture.messagesIn(KEYS.main)).toEqual(['a']);
  });
});

describe('fencing', () => {
  it('gives a zombie no say over the message that another holds now', async () => {
    const zombie = await fixture.replica({ leaseDurationMs: 20 });
    const heir = await fixture.replica();
    await fixture.produce('a');
    const stale = await zombie.claim(1);
    await until('the sweep', async () => (await heir.sweep()).expired === 1);
    const [fresh] = await heir.claim(1);

    for (const settlement of [ACK, RELEASE, RETRY, DEAD]) {
      expect(await zombie.settle(all(stale, settlement))).toEqual(['fenced']);
    }

    expect(await fixture.messagesIn(KEYS.processing)).toEqual(['a']);
    expect(await heir.settle(all([present(fresh)], ACK))).toEqual(['settled']);
    expect(await zombie.settle(all(stale, ACK))).toEqual(['fenced']);
  });

  it('lets the holder of a lease that ran out settle and renew it until a sweep comes', async () => {
    const queue = await fixture.replica({ leaseDurationMs: 1 });
    await fixture.produce('a', 'b');
    const [settled, renewed] = await queue.claim(2);
    await until('the end of the leases', async () => {
      const [now] = await fixture.client.time();
      return (Number(now) - 1) * 1_000 > Number(await fixture.client.zscore(KEYS.leases, present(renewed).lease));
    });

    expect(await queue.settle(all([present(settled)], ACK))).toEqual(['settled']);
    expect(await queue.renew([present(renewed).lease])).toEqual([]);
  });
});

describe('renew', () => {
  it('names the leases that are gone and extends the others', async () => {
    const queue = await fixture.replica();
    await fixture.produce('a', 'b');
    const [one, other] = await queue.claim(2);
    await queue.settle(all([present(other)], ACK));
    await fixture.client.zadd(KEYS.leases, 5, present(one).lease);

    expect(await queue.renew([present(one).lease, present(other).lease, 'unknown'])).toEqual([
      present(other).lease,
      'unknown',
    ]);

    expect(Number(await fixture.client.zscore(KEYS.leases, present(one).lease))).toBeGreaterThan(Date.now() + 29_000);
    expect((await queue.sweep()).expired).toBe(0);
    expect(await fixture.client.zcard(KEYS.leases)).toBe(1);
  });
});

/** Everything but the counters that ask for no lease. */
async function snapshot(): Promise<unknown> {
  return {
    main: await fixture.messagesIn(KEYS.main),
    processing: await fixture.messagesIn(KEYS.processing),
    dead: await fixture.messagesIn(KEYS.deadLetter),
    delayed: await fixture.client.zrange(KEYS.delayed, '0', '-1', 'WITHSCORES'),
    meta: await fixture.client.hgetall(KEYS.meta),
    leases: await fixture.client.zcard(KEYS.leases),
  };
}
