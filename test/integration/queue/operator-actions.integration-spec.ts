import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { AuditTrail, DeadLetters, IdempotencyKeys } from '#core';
import {
  RedisAuditTrail,
  RedisDeadLetters,
  RedisIdempotencyKeys,
  type RedisMessageQueue,
  RedisReplayRuns,
} from '#queue';
import { until } from '../../support/until.js';
import { ACTION, KEYS, present, QUEUE, QueueFixture } from './queue.fixture.js';

let fixture: QueueFixture;
let deadLetters: DeadLetters;
let faultyDeadLetters: DeadLetters;
let trail: AuditTrail;
let keys: IdempotencyKeys;
let faultyKeys: IdempotencyKeys;
let queue: RedisMessageQueue;
let faultyQueue: RedisMessageQueue;
beforeAll(async () => {
  fixture = await QueueFixture.start();
  const connections = await fixture.connect();
  const faulty = await fixture.connect(fixture.proxy.url);
  deadLetters = new RedisDeadLetters(connections, { queueName: QUEUE });
  faultyDeadLetters = new RedisDeadLetters(faulty, { queueName: QUEUE });
  trail = new RedisAuditTrail(connections, { queueName: QUEUE });
  keys = new RedisIdempotencyKeys(connections, { queueName: QUEUE });
  faultyKeys = new RedisIdempotencyKeys(faulty, { queueName: QUEUE });
  queue = await fixture.replica({}, connections);
  faultyQueue = await fixture.replica({}, faulty);
});
beforeEach(async () => await fixture.reset());
afterAll(async () => await fixture.stop());

/** An entry that is not text, and would not be found by the text it is read as. */
const BINARY = Buffer.concat([
  Buffer.from('{"original_message":"m","error":"'),
  Buffer.from([0xff, 0xfe]),
  Buffer.from('"}'),
]);

async function operations(): Promise<string[]> {
  return (await trail.list({ limit: 100 })).items.map(({ operation }) => operation);
}

async function onlyDeadLetter() {
  return present((await deadLetters.list({ limit: 1 })).items[0]);
}

describe('discard and restore', () => {
  it('keep the exact bytes, also of what is not UTF-8', async () => {
    await fixture.client.lpush(KEYS.deadLetter, BINARY);
    const discarded = await deadLetters.discard(await onlyDeadLetter(), ACTION);
    expect(await fixture.client.llen(KEYS.deadLetter)).toBe(0);
    if (discarded.result !== 'discarded') throw new Error('not discarded');

    const { items } = await trail.list({ limit: 10 });
    expect(items).toMatchObject([{ id: discarded.auditId, operation: 'discard', ...ACTION }]);
    expect(items[0]?.element).toEqual(BINARY);
    expect(Math.abs((items[0]?.at ?? 0) - Date.now())).toBeLessThan(5_000);

    expect(await deadLetters.restore(discarded.auditId, ACTION)).toBe('restored');
    expect(await fixture.client.lrangeBuffer(KEYS.deadLetter, 0, -1)).toEqual([BINARY]);
    expect(await deadLetters.restore(discarded.auditId, ACTION)).toBe('already_restored');
    expect(await operations()).toEqual(['restore', 'discard']);
  });

  it('replay takes what is not UTF-8 out as well', async () => {
    await fixture.client.lpush(KEYS.deadLetter, BINARY);
    expect(await deadLetters.replay(await onlyDeadLetter(), ACTION)).toBe('replayed');
    expect(await fixture.client.llen(KEYS.deadLetter)).toBe(0);
  });

  it('are done once by two operators', async () => {
    await fixture.client.lpush(KEYS.deadLetter, 'garbage');
    const letter = await onlyDeadLetter();
    const results = await Promise.all([deadLetters.discard(letter, ACTION), deadLetters.discard(letter, ACTION)]);
    expect(results.map(({ result }) => result).toSorted()).toEqual(['discarded', 'gone']);
    const { id } = present((await trail.list({ limit: 10 })).items[0]);
    const restored = await Promise.all([deadLetters.restore(id, ACTION), deadLetters.restore(id, ACTION)]);
    expect(restored.toSorted()).toEqual(['already_restored', 'restored']);
    expect(await fixture.client.llen(KEYS.deadLetter)).toBe(1);
  });

  it('are done once, and say so, when the reply is lost', async () => {
    await fixture.client.lpush(KEYS.deadLetter, 'garbage');
    const letter = await onlyDeadLetter();
    fixture.proxy.dropReplies(1);
    const discarded = await faultyDeadLetters.discard(letter, ACTION);
    if (discarded.result !== 'discarded') throw new Error('not discarded');
    fixture.proxy.dropReplies(1);
    expect(await faultyDeadLetters.restore(discarded.auditId, ACTION)).toBe('restored');
    expect(await fixture.messagesIn(KEYS.deadLetter)).toEqual(['garbage']);
    expect(await operations()).toEqual(['restore', 'discard']);
  });

  it.each(['1-1', 'x', '-', '+', '1'])('knows no audit record %j', async (id) => {
    await queue.resume(ACTION);
    expect(await deadLetters.restore(id, ACTION)).toBe('unknown');
    expect(await fixture.client.llen(KEYS.deadLetter)).toBe(0);
  });

  it('restores nothing from the record of another operation', async () => {
    await queue.resume(ACTION);
    const { id } = present((await trail.list({ limit: 1 })).items[0]);
    expect(await deadLetters.restore(id, ACTION)).toBe('unknown');
  });
});

/** Writes an audit record as if the ones before it had this many bytes. */
async function recordAfter(bytes: number, id = '*'): Promise<void> {
  await fixture.client.xadd(KEYS.audit, id, 'operation_id', 'x', 'operation', 'pause', 'written', bytes);
}

describe('the audit trail', () => {
  it('lists the newest first, in pages, while records arrive', async () => {
    for (const note of ['1', '2', '3', '4', '5']) await queue.resume({ ...ACTION, note });
    const first = await trail.list({ limit: 2 });
    await queue.resume({ ...ACTION, note: '6' });
    const second = await trail.list({ limit: 2, cursor: present(first.nextCursor) });
    const third = await trail.list({ limit: 2, cursor: present(second.nextCursor) });
    expect([first, second, third].map(({ items }) => items.map(({ note }) => note))).toEqual([
      ['5', '4'],
      ['3', '2'],
      ['1'],
    ]);
    expect(third.nextCursor).toBeNull();
  });

  it.each(['', 'x', '1', '-', '+', '(1-1'])('refuses the cursor %j', async (cursor) => {
    await expect(trail.list({ limit: 1, cursor })).rejects.toThrow(RangeError);
  });

  it('counts the bytes of notes and discarded entries of the last hour, and shows no sum of its own', async () => {
    expect(await trail.bytesOfLastHour()).toBe(0);
    await recordAfter(1_000, `${Date.now() - 7_200_000}-1`);
    await recordAfter(5_000);
    expect(await trail.bytesOfLastHour()).toBe(4_000);
    await queue.resume({ ...ACTION, note: 'fünf' });
    expect(await trail.bytesOfLastHour()).toBe(4_005);
    await fixture.client.lpush(KEYS.deadLetter, BINARY);
    await deadLetters.discard(await onlyDeadLetter(), { ...ACTION, note: null });
    expect(await trail.bytesOfLastHour()).toBe(4_005 + BINARY.length);
    expect((await trail.list({ limit: 1 })).items[0]?.details).toEqual({ entry_id: expect.any(String) as string });
  });

  it('keeps the newest 256 MiB of notes and discarded entries', async () => {
    const limit = 256 * 1024 * 1024;
    await recordAfter(10, '1-1');
    await recordAfter(20, '1-2');
    await recordAfter(limit + 15);
    await queue.resume({ ...ACTION, note: 'one' });
    expect(await fixture.client.xrange(KEYS.audit, '-', '1-2')).toEqual([]);
    expect(await operations()).toEqual(['resume', 'pause']);
  });

  it('keeps records for 90 days', async () => {
    const now = Date.now();
    await recordAfter(0, `${now - 91 * 86_400_000}-1`);
    await recordAfter(0, `${now - 89 * 86_400_000}-1`);
    await queue.resume(ACTION);
    expect(await operations()).toEqual(['resume', 'pause']);
  });

  it('says a note once for a replay of many entries', async () => {
    const replays = new RedisReplayRuns(await fixture.connect(), { queueName: QUEUE });
    await fixture.client.lpush(KEYS.deadLetter, '{"original_message":"m","error":"e"}');
    const selection = { kind: 'oldest', filter: {}, limit: 10 } as const;
    const action = { ...ACTION, note: 'why' };
    const started = await replays.start({ id: randomUUID(), selection, maxPerSecond: null, force: false, action });
    if (started.kind !== 'started') throw new Error(started.kind);
    await replays.step(started.lease, { position: '1', unselected: 0, stayed: [], push: await onlyDeadLetter() });
    expect((await trail.list({ limit: 10 })).items).toMatchObject([
      { operation: 'replay', note: null, details: { replay_id: started.lease.run.request.id } },
      { operation: 'replay_start', note: 'why', details: { replay_id: started.lease.run.request.id } },
    ]);
  });
});

describe('a pause', () => {
  it('ends by itself after its time', async () => {
    await fixture.produce('a');
    await queue.pause(ACTION, 60_000);
    expect(await queue.claim(1)).toEqual([]);
    expect(await fixture.client.pttl(KEYS.paused)).toBeGreaterThan(55_000);
    await fixture.client.pexpire(KEYS.paused, 1);
    await until('the end of the pause', async () => !(await queue.isPaused()));
    expect(await queue.claim(1)).toHaveLength(1);
    expect((await trail.list({ limit: 1 })).items[0]).toMatchObject({
      operation: 'pause',
      details: { ttl_ms: '60000' },
    });
  });

  it('replaces one that ends with one that does not', async () => {
    await queue.pause(ACTION, 60_000);
    await queue.pause(ACTION, null);
    expect(await fixture.client.pttl(KEYS.paused)).toBe(-1);
  });

  it('is recorded once when the reply is lost, and so is its end', async () => {
    fixture.proxy.dropReplies(1);
    await faultyQueue.pause(ACTION, null);
    fixture.proxy.dropReplies(1);
    await faultyQueue.resume(ACTION);
    expect(await queue.isPaused()).toBe(false);
    expect(await operations()).toEqual(['resume', 'pause']);
  });
});

describe('holders', () => {
  it('are the workers with leases, and the time that is left', async () => {
    await fixture.produce('a', 'b', 'c');
    const third = await fixture.replica({ leaseDurationMs: 5_000 });
    await queue.claim(2);
    await third.claim(1);
    const holders = (await queue.leaseHolders()).toSorted((a, b) => b.messages - a.messages);
    expect(holders.map(({ messages }) => messages)).toEqual([2, 1]);
    expect(new Set(holders.map(({ worker }) => worker)).size).toBe(2);
    const [long, short] = holders.map(({ leaseLeftMs }) => leaseLeftMs);
    expect(present(short)).toBeLessThanOrEqual(5_000);
    expect(present(long)).toBeGreaterThan(20_000);
  });
});

describe('an idempotency key', () => {
  const ANSWER = { status: 202, headers: { Location: '/x' }, body: { a: ['ü'] } };

  it('gives the same answer for a day, to the same request only', async () => {
    expect(await keys.reserve('k', 'f')).toEqual({ kind: 'reserved' });
    expect(await keys.reserve('k', 'f')).toEqual({ kind: 'in_progress' });
    await keys.store('k', 'f', ANSWER);
    expect(await keys.reserve('k', 'f')).toEqual({ kind: 'answered', answer: ANSWER });
    expect(await keys.reserve('k', 'g')).toEqual({ kind: 'mismatch' });
    const [name] = await fixture.client.keys(`${KEYS.idempotency}:*`);
    expect(name).not.toContain(':k');
    const left = await fixture.client.pttl(present(name));
    expect(left).toBeGreaterThan(86_000_000);
    expect(left).toBeLessThanOrEqual(86_400_000);
  });

  it('is free again when it is forgotten, and a minute after its process died', async () => {
    await keys.reserve('k', 'f');
    await keys.forget('k');
    expect(await keys.reserve('k', 'g')).toEqual({ kind: 'reserved' });
    const [name] = await fixture.client.keys(`${KEYS.idempotency}:*`);
    expect(await fixture.client.pttl(present(name))).toBeLessThanOrEqual(60_000);
  });

  it('is reserved for the client whose connection broke before the answer', async () => {
    fixture.proxy.dropReplies(1);
    expect(await faultyKeys.reserve('k', 'f')).toEqual({ kind: 'reserved' });
  });

  it('waits for the next hour while the answers of this one take 16 MiB', async () => {
    await keys.store('k', 'f', ANSWER);
    const stored = Number(await fixture.client.hget(KEYS.idempotency, 'bytes'));
    expect(stored).toBe(Buffer.byteLength(JSON.stringify(ANSWER)));
    await fixture.client.hset(KEYS.idempotency, 'bytes', 16 * 1024 * 1024);
    const exhausted = await keys.reserve('l', 'f');
    if (exhausted.kind !== 'exhausted') throw new Error(exhausted.kind);
    expect(exhausted.waitMs).toBeGreaterThan(0);
    expect(exhausted.waitMs).toBeLessThanOrEqual(3_600_000);
    expect(await keys.reserve('k', 'f')).toMatchObject({ kind: 'answered' });

    await fixture.client.hset(KEYS.idempotency, 'hour', 1);
    expect(await keys.reserve('l', 'f')).toEqual({ kind: 'reserved' });
    await keys.store('l', 'f', ANSWER);
    expect(await fixture.client.hget(KEYS.idempotency, 'bytes')).toBe(String(stored));
  });

  it('names its Redis key when that has the wrong type', async () => {
    await keys.reserve('k', 'f');
    const [name = ''] = await fixture.client.keys(`${KEYS.idempotency}:*`);
    await fixture.client.set(name, 'x');
    const unreadable = expect.objectContaining({
      reason: 'ledger_unreadable',
      message: expect.stringContaining(name) as string,
    }) as unknown;
    await expect(keys.reserve('k', 'f')).rejects.toEqual(unreadable);
    expect(await keys.reserve('l', 'f')).toEqual({ kind: 'reserved' });
  });
});

/** Times that Redis is asked for a part of a list. */
async function reads(work: () => Promise<unknown>): Promise<number> {
  await fixture.client.config('RESETSTAT');
  await work();
  return Number(/cmdstat_lrange:calls=(\d+)/.exec(await fixture.client.info('commandstats'))?.[1] ?? 0);
}

describe('a long list of dead letters', () => {
  it('is read in pages, and an entry of a page found again, without a walk', async () => {
    const entries = Array.from({ length: 20_000 }, (_, i) => JSON.stringify({ original_message: 'm', id: `e${i}` }));
    while (entries.length > 0) await fixture.client.lpush(KEYS.deadLetter, ...entries.splice(0, 5_000));

    expect(await reads(async () => await deadLetters.list({ limit: 100 }))).toBe(1);
    const deep = await deadLetters.list({ limit: 100, cursor: '15000.' });
    expect(deep).toMatchObject({ total: 20_000, items: { 0: { id: 'e15000' } } });
    expect(await reads(async () => await deadLetters.find('e15050'))).toBe(1);
    // Entries before it go: it is nearer to the old end, and still found at once.
    await fixture.client.rpop(KEYS.deadLetter, 150);
    let found: unknown;
    expect(await reads(async () => (found = await deadLetters.find('e15050')))).toBe(1);
    expect(found).toMatchObject({ id: 'e15050' });
    // A filter that nothing fits looks at a bounded number of entries.
    expect(await reads(async () => await deadLetters.list({ limit: 1, filter: { reason: 'none' } }))).toBeLessThan(10);
  });
});
