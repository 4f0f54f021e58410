import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { DeadLetter, DeadLetterFilter, DeadLetters } from '#core';
import { RedisDeadLetters } from '#queue';
import { until } from '../../support/until.js';
import { ACTION, KEYS, QUEUE, QueueFixture, texts, present } from './queue.fixture.js';

let fixture: QueueFixture;
let deadLetters: DeadLetters;
beforeAll(async () => {
  fixture = await QueueFixture.start();
  deadLetters = new RedisDeadLetters(await fixture.connect(), { queueName: QUEUE });
});
beforeEach(async () => await fixture.reset());
afterAll(async () => await fixture.stop());

function entry(id: string, fields: Record<string, unknown> = {}): string {
  return JSON.stringify({
    original_message: `message ${id}`,
    error: 'e',
    failed_at: '2026-01-01T00:00:00',
    id,
    ...fields,
  });
}

async function pushDeadLetters(...elements: readonly (string | Buffer)[]): Promise<void> {
  for (const element of elements) await fixture.client.lpush(KEYS.deadLetter, element);
}

/** Ids of all pages, with what happens between the pages. */
async function pages(
  limit: number,
  { filter, between }: { filter?: DeadLetterFilter; between?: (page: readonly DeadLetter[]) => Promise<unknown> } = {},
): Promise<string[]> {
  const ids: string[] = [];
  let cursor: string | null = null;
  do {
    const page = await deadLetters.list({ limit, ...(cursor !== null && { cursor }), ...(filter && { filter }) });
    expect(page.items.length).toBeLessThanOrEqual(limit);
    ids.push(...page.items.map(({ id }) => id));
    cursor = page.nextCursor;
    await between?.(page.items);
  } while (cursor !== null);
  return ids;
}

function numbered(count: number, fields: (i: number) => Record<string, unknown> = () => ({})): string[] {
  return Array.from({ length: count }, (_, i) => entry(`e${i}`, fields(i)));
}

function pairs(fields: readonly string[]): (readonly [string, string])[] {
  return fields.flatMap((name, at) => (at % 2 === 0 ? [[name, fields[at + 1] ?? ''] as const] : []));
}

describe('list', () => {
  it('is empty without dead letters', async () => {
    expect(await deadLetters.list({ limit: 10 })).toEqual({ items: [], cursor: '0.', nextCursor: null, total: 0 });
  });

  it('returns the oldest first, also among entries of other programs', async () => {
    const producers = JSON.stringify({ original_message: 'm', error: 'e', failed_at: 'x', original_queue: QUEUE });
    await pushDeadLetters(entry('ours'), producers, 'garbage', Buffer.from([0xff]));

    const { items, total } = await deadLetters.list({ limit: 10 });

    expect(total).toBe(4);
    expect(items.map(({ element }) => element)).toEqual(
      [entry('ours'), producers, 'garbage', Buffer.from([0xff])].map((element) => Buffer.from(element)),
    );
    expect(items.map(({ originalMessage }) => originalMessage && Buffer.from(originalMessage).toString())).toEqual([
      'message ours',
      'm',
      null,
      null,
    ]);
  });

  it('walks a long list in pages', async () => {
    await fixture.client.lpush(KEYS.deadLetter, ...numbered(350));
    expect(await pages(60)).toEqual(Array.from({ length: 350 }, (_, i) => `e${i}`));
  });

  it('ends exactly with the last entry', async () => {
    await pushDeadLetters(...numbered(4));
    const { nextCursor } = await deadLetters.list({ limit: 2 });
    expect((await deadLetters.list({ limit: 2, cursor: present(nextCursor) })).nextCursor).toBeNull();
  });

  it('filters by reason and model', async () => {
    await pushDeadLetters(
      ...numbered(300, (i) => ({ reason: i % 100 === 7 ? 'conflict' : 'poison', model_id: `m${i}` })),
    );
    expect(await pages(2, { filter: { reason: 'conflict' } })).toEqual(['e7', 'e107', 'e207']);
    expect(await pages(2, { filter: { modelId: 'm299' } })).toEqual(['e299']);
    expect(await pages(2, { filter: { reason: 'conflict', modelId: 'm8' } })).toEqual([]);
  });

  it('looks at a bounded number of entries per page', async () => {
    await fixture.client.lpush(
      KEYS.deadLetter,
      ...numbered(5_500, (i) => ({ reason: i === 5_200 ? 'conflict' : 'x' })),
    );
    const filter = { reason: 'conflict' };
    expect(await deadLetters.list({ limit: 1, filter })).toMatchObject({
      items: [],
      nextCursor: expect.stringMatching(/^1000\./) as string,
    });
    expect(await pages(1, { filter })).toEqual(['e5200']);
  });

  it('keeps its place while entries arrive', async () => {
    await pushDeadLetters(...numbered(10));
    let more = 10;
    const ids = await pages(3, {
      between: async () => {
        if (more < 14) await pushDeadLetters(entry(`e${more++}`));
      },
    });
    expect(ids.slice(0, 10)).toEqual(Array.from({ length: 10 }, (_, i) => `e${i}`));
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('skips nothing while every page it gave is replayed', async () => {
    await pushDeadLetters(...numbered(50));
    const ids = await pages(7, { between: async (items) => await replayAll(items) });
    expect(ids).toEqual(Array.from({ length: 50 }, (_, i) => `e${i}`));
    expect(await fixture.client.llen(KEYS.deadLetter)).toBe(0);
  });

  it('skips nothing while entries of its pages go one here, one there', async () => {
    await pushDeadLetters(...numbered(60));
    const ids = await pages(9, { between: async (items) => await replayAll(items.filter((_, i) => i % 2 === 1)) });
    expect(ids).toEqual(Array.from({ length: 60 }, (_, i) => `e${i}`));
  });

  it.each(['', 'x', '1', '-1.', '1.xyz', '1.0123456', `1.${'0'.repeat(8 * 17)}`])(
    'refuses the cursor %j',
    async (cursor) => {
      await expect(deadLetters.list({ limit: 1, cursor })).rejects.toThrow(RangeError);
    },
  );
});

async function replayAll(items: readonly DeadLetter[]): Promise<void> {
  for (const item of items) expect(await deadLetters.replay(item, ACTION)).toBe('replayed');
}

describe('find', () => {
  it('finds an entry by its own id, and one without by that of its bytes', async () => {
    await pushDeadLetters(...numbered(250), 'garbage');
    expect((await deadLetters.find('e123'))?.element).toEqual(Buffer.from(entry('e123')));
    const garbage = (await deadLetters.list({ limit: 300 })).items.at(-1);
    expect((await deadLetters.find(present(garbage).id))?.element).toEqual(Buffer.from('garbage'));
    expect(await deadLetters.find('absent')).toBeNull();
  });
});

describe('replay', () => {
  it('moves the exact bytes to where a producer puts them, with a full budget, and says who did it', async () => {
    const queue = await fixture.replica();
    await fixture.produce('waiting');
    await pushDeadLetters(entry('one', { replay_count: 2 }), entry('other'));

    expect(await deadLetters.replay(present(await deadLetters.find('one')), ACTION)).toBe('replayed');

    expect(await fixture.messagesIn(KEYS.main)).toEqual(['waiting', 'message one']);
    expect(await fixture.messagesIn(KEYS.deadLetter)).toEqual([entry('other')]);
    const [record] = await fixture.client.xrange(KEYS.audit, '-', '+');
    expect(Object.fromEntries(pairs(present(record)[1]))).toMatchObject({
      operation: 'replay',
      entry_id: 'one',
      actor: 'token-1',
      request_id: 'request-1',
      note: 'fixed the gateway',
    });
    const [, replayed] = await queue.claim(2);
    expect(replayed).toMatchObject({ replays: 3, attempts: 0, stalls: 0, deliveries: 1 });
    expect(replayed?.firstSeenAt).toBeGreaterThan(0);
  });

  it('forgives attempts and stalls of a copy that is still known', async () => {
    const queue = await fixture.replica({ leaseDurationMs: 1 });
    await fixture.produce('message one');
    const [copy] = await queue.claim(1);
    await queue.settle([
      { lease: present(copy).lease, settlement: { kind: 'retry', delayMs: 0, reason: 'internal_error' } },
    ]);
    await queue.promote();
    await queue.claim(1);
    await until('a stall', async () => (await queue.sweep()).expired === 1);
    await pushDeadLetters(entry('one'));

    await deadLetters.replay(present(await deadLetters.find('one')), ACTION);

    expect((await queue.claim(1))[0]).toMatchObject({ attempts: 0, replays: 1, stalls: 0, deliveries: 3 });
  });

  it('is done once by two operators', async () => {
    await pushDeadLetters(entry('one'));
    const one = present(await deadLetters.find('one'));
    const results = await Promise.all([deadLetters.replay(one, ACTION), deadLetters.replay(one, ACTION)]);
    expect(results.toSorted()).toEqual(['gone', 'replayed']);
    expect(await fixture.client.llen(KEYS.main)).toBe(1);
    expect(await fixture.client.xlen(KEYS.audit)).toBe(1);
  });

  it('refuses garbage and leaves it where it is', async () => {
    await pushDeadLetters('garbage');
    const [garbage] = (await deadLetters.list({ limit: 1 })).items;
    expect(await deadLetters.replay(present(garbage), ACTION)).toBe('unreplayable');
    expect(await fixture.messagesIn(KEYS.deadLetter)).toEqual(['garbage']);
  });

  it('keeps bytes that are not UTF-8', async () => {
    const original = Buffer.from([0xff, 0xfe, 0x00]);
    await pushDeadLetters(
      JSON.stringify({ original_message_base64: original.toString('base64'), id: 'b', error: 'e' }),
    );
    await deadLetters.replay(present(await deadLetters.find('b')), ACTION);
    expect(await fixture.client.lrangeBuffer(KEYS.main, 0, -1)).toEqual([original]);
  });

  it('is done once, and says so, when the reply is lost', async () => {
    const faulty = new RedisDeadLetters(await fixture.connect(fixture.proxy.url), { queueName: QUEUE });
    await pushDeadLetters(entry('warm'), entry('one'));
    await faulty.replay(present(await faulty.find('warm')), ACTION);
    const one = present(await faulty.find('one'));
    fixture.proxy.dropReplies(1);

    expect(await faulty.replay(one, ACTION)).toBe('replayed');

    expect(await fixture.messagesIn(KEYS.main)).toEqual(['message warm', 'message one']);
    expect(await faulty.replay(one, ACTION)).toBe('gone');
  });

  it('takes one of two identical entries', async () => {
    const queue = await fixture.replica();
    await pushDeadLetters(entry('twin'), entry('twin'));
    await deadLetters.replay(present(await deadLetters.find('twin')), ACTION);
    expect(await fixture.client.llen(KEYS.deadLetter)).toBe(1);
    expect(texts(await queue.claim(5))).toEqual(['message twin']);
  });
});
