import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { MAX_CLAIM_BYTES } from '#core';
import { until } from '../../support/until.js';
import { ACTION, KEYS, QueueFixture, texts, present } from './queue.fixture.js';

let fixture: QueueFixture;
beforeAll(async () => {
  fixture = await QueueFixture.start();
});
beforeEach(async () => await fixture.reset());
afterAll(async () => await fixture.stop());

/** A message of so many times the bytes of a claim. */
function large(letter: string, claims: number): string {
  return letter.repeat(MAX_CLAIM_BYTES * claims);
}

describe('claim', () => {
  it('takes the oldest messages first and moves them to processing', async () => {
    const queue = await fixture.replica();
    await fixture.produce('a', 'b', 'c');

    expect(texts(await queue.claim(2))).toEqual(['a', 'b']);

    expect(await fixture.messagesIn(KEYS.main)).toEqual(['c']);
    expect(await fixture.messagesIn(KEYS.processing)).toEqual(['a', 'b']);
    expect(await fixture.client.zcard(KEYS.leases)).toBe(2);
  });

  it('stops at the maximum bytes of a claim, takes a larger message alone, and reads the bytes of each again', async () => {
    const queue = await fixture.replica();
    await fixture.produce(large('a', 0.4), large('b', 0.4), large('c', 0.4), large('d', 2), 'e');

    const claims = [await queue.claim(9), await queue.claim(9), await queue.claim(9)];

    expect(claims.map((claim) => texts(claim).map((text) => text[0]))).toEqual([['a', 'b', 'c'], ['d'], ['e']]);
    const [first, second] = claims.flat();
    await queue.settle([{ lease: present(first).lease, settlement: { kind: 'ack' } }]);
    const contents = await queue.read([present(first).lease, present(second).lease, 'unknown']);
    // Of 32 MB, which `toEqual` would compare byte by byte.
    const { bytes: expected } = present(second);
    expect(contents.map((bytes) => (bytes === null ? null : Buffer.compare(bytes, expected)))).toEqual([null, 0, null]);
  });

  it('claims although the number of the last claim is malformed', async () => {
    const queue = await fixture.replica();
    await fixture.produce('a', 'b');
    await queue.claim(1);
    const [last = ''] = await fixture.client.keys(`${KEYS.claims}:*`);
    await fixture.client.set(last, 'junk');
    expect(texts(await queue.claim(1))).toEqual(['b']);
  });

  it('returns nothing from an empty queue', async () => {
    const queue = await fixture.replica();
    expect(await queue.claim(10)).toEqual([]);
    expect(await fixture.client.keys('*')).toEqual([]);
  });

  it('names what is known of the message', async () => {
    const queue = await fixture.replica();
    await fixture.produce('a');
    const before = Date.now();

    const [message] = await queue.claim(1);

    expect(message).toMatchObject({
      digest: createHash('sha1').update('a').digest('hex'),
      deliveries: 1,
      attempts: 0,
      replays: 0,
      stalls: 0,
    });
    expect(message?.firstSeenAt).toBeGreaterThanOrEqual(before - 5);
    expect(message?.firstSeenAt).toBeLessThanOrEqual(Date.now() + 5);
  });

  it('keeps bytes that are not UTF-8', async () => {
    const queue = await fixture.replica();
    const bytes = Buffer.from([0xff, 0x00, 0x0a, 0xc3, 0x28, 0x0d, 0x0a]);
    await fixture.produce(bytes);

    const [message] = await queue.claim(1);

    expect(message?.bytes).toEqual(bytes);
    await queue.settle([
      { lease: present(message).lease, settlement: { kind: 'retry', delayMs: 0, reason: 'internal_error' } },
    ]);
    await queue.promote();
    expect(await fixture.client.lrangeBuffer(KEYS.main, 0, -1)).toEqual([bytes]);
  });

  it('gives two copies of the same bytes a lease each, and one counter', async () => {
    const queue = await fixture.replica();
    await fixture.produce('same', 'same');

    const messages = await queue.claim(10);

    expect(new Set(messages.map(({ lease }) => lease)).size).toBe(2);
    expect(messages.map(({ deliveries }) => deliveries)).toEqual([1, 2]);
  });

  it.each(['', 'rubbish', '1 2 3', '-1 0 0 0 0'])(
    'takes a message with the malformed counters "%s" as new',
    async (packed) => {
      const queue = await fixture.faultyReplica();
      await fixture.produce('a', 'b');
      const digest = createHash('sha1').update('a').digest('hex');
      await fixture.client.hset(KEYS.meta, digest, packed);
      await fixture.client.hset(KEYS.stalls, digest, packed === '1 2 3' ? '' : packed);
      fixture.proxy.dropReplies(1);

      const messages = await queue.claim(2);

      expect(messages.map(({ deliveries, stalls }) => [deliveries, stalls])).toEqual([
        [1, 0],
        [1, 0],
      ]);
    },
  );

  it('never gives one message to two replicas', async () => {
    const [one, other] = [await fixture.replica(), await fixture.replica()];
    const produced = Array.from({ length: 200 }, (_, i) => `message ${i}`);
    await fixture.produce(...produced);

    const claimed = await Promise.all(Array.from({ length: 40 }, (_, i) => (i % 2 === 0 ? one : other).claim(7)));

    expect(texts(claimed.flat()).toSorted()).toEqual(produced.toSorted());
  });

  it('returns more than 500 messages in no call', async () => {
    const queue = await fixture.replica();
    await fixture.client.lpush(KEYS.main, ...Array.from({ length: 600 }, (_, i) => `m${i}`));
    expect(await queue.claim(1_000)).toHaveLength(500);
    expect(await queue.claim(1_000)).toHaveLength(100);
  });
});

describe('pause', () => {
  it('stops the claims of every replica until it is lifted', async () => {
    const [one, other] = [await fixture.replica(), await fixture.replica()];
    await fixture.produce('a');

    await one.pause(ACTION, null);
    expect(await other.isPaused()).toBe(true);
    expect(await other.claim(1)).toEqual([]);
    expect(await fixture.messagesIn(KEYS.main)).toEqual(['a']);

    await other.resume(ACTION);
    expect(await one.isPaused()).toBe(false);
    expect(texts(await one.claim(1))).toEqual(['a']);
  });

  it('makes waiting slow, although messages stand in the queue', async () => {
    const queue = await fixture.replica();
    await fixture.produce('a');
    await queue.pause(ACTION, null);
    await queue.claim(1);
    const start = performance.now();

    await queue.wait(200);

    expect(performance.now() - start).toBeGreaterThan(150);
  });

  it('does not keep a repeated claim from its messages', async () => {
    const queue = await fixture.faultyReplica();
    await fixture.produce('a');
    fixture.proxy.dropReplies(3);
    await expect(queue.claim(1)).rejects.toMatchObject({ reason: 'redis_unavailable' });
    await queue.pause(ACTION, null);

    expect(texts(await queue.claim(1))).toEqual(['a']);
  });
});

describe('a claim whose reply was lost', () => {
  it('is repeated and finds the same messages', async () => {
    const queue = await fixture.faultyReplica();
    await fixture.produce('a', 'b', 'c');
    fixture.proxy.dropReplies(1);

    const messages = await queue.claim(2);

    expect(texts(messages)).toEqual(['a', 'b']);
    expect(messages.map(({ deliveries }) => deliveries)).toEqual([1, 1]);
    expect(await fixture.messagesIn(KEYS.main)).toEqual(['c']);
    expect(await queue.renew(messages.map(({ lease }) => lease))).toEqual([]);
  });

  it('is remembered after every repeat has failed, and its surplus released', async () => {
    const queue = await fixture.faultyReplica();
    await fixture.produce('a', 'b', 'c');
    fixture.proxy.dropReplies(3);
    await expect(queue.claim(3)).rejects.toMatchObject({ reason: 'redis_unavailable' });
    expect(await fixture.messagesIn(KEYS.processing)).toEqual(['a', 'b', 'c']);

    expect(texts(await queue.claim(1))).toEqual(['a']);

    expect(await fixture.messagesIn(KEYS.main)).toEqual(['b', 'c']);
    expect(await fixture.messagesIn(KEYS.processing)).toEqual(['a']);
  });

  it('claims nothing more once a sweep has taken its leases', async () => {
    const queue = await fixture.faultyReplica({ leaseDurationMs: 1 });
    await fixture.produce('a');
    fixture.proxy.dropReplies(3);
    await expect(queue.claim(1)).rejects.toMatchObject({ reason: 'redis_unavailable' });
    const other = await fixture.replica();
    await until('the sweep', async () => (await other.sweep()).expired === 1);

    expect(await queue.claim(1)).toEqual([]);
    expect(texts(await queue.claim(1))).toEqual(['a']);
  });
});
