import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type ClaimedMessage, HoldRegistry, JOB_STATES, type LaneLease } from '#core';
import { RedisLedgerCheck, RedisLedgerStateReader } from '#ledger';
import { type KeyType, queueKeyTypes } from '#queue';
import { KeyTypeHolds } from '#worker';
import { RedisServer } from '../../support/redis/redis-server.js';
import { attempt, deployed, LANE, LedgerFixture, request, slot } from './ledger.fixture.js';

let server: RedisServer;
let ledger: LedgerFixture;
let holds: HoldRegistry;
let check: KeyTypeHolds;
beforeAll(async () => {
  server = await RedisServer.start();
  ledger = await LedgerFixture.open(server);
});
beforeEach(async () => {
  await ledger.redis.flushall();
  holds = new HoldRegistry();
  check = new KeyTypeHolds(new RedisLedgerCheck(ledger.connections, ledger.options), holds);
});
afterAll(async () => {
  ledger.close();
  await server.stop();
});

/** Puts a value of another type at the key. */
async function spoil(key: string, expected: string): Promise<string> {
  await ledger.redis.del(key);
  if (expected === 'string') await ledger.redis.lpush(key, 'x');
  else await ledger.redis.set(key, 'x');
  return expected === 'string' ? 'list' : 'string';
}

/** All keys but those of single models, lanes, replays and requests, with their types. */
function sharedKeys(): readonly KeyType[] {
  return [
    ...queueKeyTypes(ledger.queue),
    [ledger.options.deployedQueueName, 'list'],
    [ledger.keys.jobs(), 'zset'],
    ...JOB_STATES.map((state) => [ledger.keys.jobs(state), 'zset'] as const),
    [ledger.keys.lanes, 'set'],
  ];
}

describe('a key of the wrong type', () => {
  it('is a hold that names it until it is repaired, for every key of the queue and of the ledger', async () => {
    for (const [key, expected] of sharedKeys()) {
      const found = await spoil(key, expected);
      await check.check();
      const detail = `Redis key ${key} is a ${found}; the service needs a ${expected} there`;
      expect(holds.list()).toMatchObject([{ reason: 'ledger_unreadable', detail }]);
      await ledger.redis.del(key);
      await check.check();
      expect(holds.list()).toEqual([]);
    }
  });

  it.each(['lane', 'slots'] as const)('is a hold of its lane only, in place of %s', async (name) => {
    await ledger.lane();
    const key = ledger.keys[name](LANE);
    await spoil(key, 'hash');
    await check.check();
    expect(holds.list()).toEqual([]);
    expect(holds.own.holds).toMatchObject([{ reason: 'ledger_unreadable', lane: LANE, pauses: false }]);
    expect(holds.own.holds[0]?.detail).toContain(key);
    await ledger.redis.del(key);
    await check.check();
    expect(holds.own.holds).toEqual([]);
  });

  it.each([
    ['hash', 'job'],
    ['set', 'leases'],
  ] as const)('is a %s of one model: the other messages of the batch are admitted', async (type, name) => {
    const key = ledger.keys[name]('bad');
    await spoil(key, type);
    const messages = await Promise.all(['bad', 'good'].map((id) => ledger.claimed(`message of ${id}`)));
    const entries = ['bad', 'good'].map((id, i) => ({ request: request(id), message: messages[i] as ClaimedMessage }));

    expect(await ledger.jobs.admit(entries)).toMatchObject([
      { kind: 'unreadable', detail: `the Redis key ${key} has the wrong type` },
      { kind: 'admitted' },
    ]);

    await ledger.redis.del(key);
    expect(await ledger.jobs.admit(entries)).toMatchObject([{ kind: 'admitted' }, { kind: 'admitted' }]);
  });

  it('of a job hides no other job, from the list and from the verification', async () => {
    await ledger.admit(request('first'), request('bad'), request('last'));
    await spoil(ledger.keys.job('bad'), 'hash');

    const { items } = await ledger.jobs.list({ limit: 10 });
    expect(items.map((job) => job.request.record.modelId)).toEqual(['last', 'first']);
    const stored = await new RedisLedgerStateReader(ledger.connections, ledger.options).find(['first', 'bad', 'last']);
    expect(stored.map(({ unreadable }) => unreadable)).toEqual([false, true, false]);
    await expect(ledger.jobs.find('bad')).rejects.toMatchObject({ reason: 'ledger_unreadable' });
  });

  it('of a job keeps it out of a transaction, and the others may be committed', async () => {
    await ledger.admit(request('bad'), request('good'));
    const lease = await ledger.lane();
    await spoil(ledger.keys.job('bad'), 'hash');
    expect(await ledger.journal.commit(lease, slot({ modelIds: ['bad', 'good'] }))).toEqual({
      kind: 'jobs-taken',
      modelIds: ['bad'],
    });
    expect(await ledger.journal.commit(lease, slot({ modelIds: ['good'] }))).toEqual({ kind: 'committed' });
  });
});

describe('completing a job', () => {
  it('publishes nothing while a key has the wrong type, and once when it is repaired', async () => {
    const { queue, keys } = ledger;
    const types = [
      ...[queue.inflight, queue.meta, queue.stalls, keys.slots(LANE), keys.spent, keys.reserved].map((key) => [
        key,
        'hash',
      ]),
      ...[keys.jobs(), ...JOB_STATES.map((state) => keys.jobs(state)), queue.leases].map((key) => [key, 'zset']),
      ...[queue.processing, 'full'].map((key) => [key, 'list']),
    ] as const;
    for (const [key = '', expected = ''] of types) {
      await ledger.redis.flushall();
      const { lease } = await ledger.submitted('model-1');
      const { jobs } = ledger.sibling({ deployedFullQueueName: 'full' });
      const complete = async () => await jobs.complete({ lease, nonce: 7 }, [deployed('model-1')]);
      const stored = await ledger.redis.dumpBuffer(key);
      await spoil(key, expected);
      for (let repeat = 0; repeat < 3; repeat += 1)
        await expect(complete()).rejects.toMatchObject({ reason: 'ledger_unreadable' });
      expect({ key, events: await ledger.events() }).toEqual({ key, events: [] });
      await ledger.redis.del(key);
      if (stored) await ledger.redis.restore(key, 0, stored);
      await expect(complete()).resolves.toMatchObject([{ changed: true }]);
      expect({ key, events: await ledger.events() }).toEqual({ key, events: ['{"model":"model-1"}'] });
    }
  });

  it('publishes once while the leases of a job have the wrong type, and completes the others of its slot', async () => {
    const { lease, messages } = await ledger.submitted('bad', 'good');
    await spoil(ledger.keys.leases('bad'), 'set');
    const complete = async () => await ledger.jobs.complete({ lease, nonce: 7 }, [deployed('bad'), deployed('good')]);
    expect(await complete()).toMatchObject([
      { changed: true, acknowledged: [] },
      { changed: true, acknowledged: [messages[1]?.lease] },
    ]);
    await complete();
    expect(await ledger.events()).toHaveLength(2);
    expect(await ledger.processing()).toEqual(['message of bad']);
  });
});

describe('malformed content', () => {
  it('of a job is named although no message asks for it, until it is repaired', async () => {
    const models = Array.from({ length: 230 }, (_, index) => `model-${index}`);
    await ledger.admit(...models.map((modelId) => request(modelId)));
    const bad = models[219] ?? '';
    const stored = (await ledger.redis.hget(ledger.keys.job(bad), 'request')) ?? '';
    await ledger.redis.hset(ledger.keys.job(bad), 'request', '{');
    await check.check();
    await check.check();
    expect(holds.own.holds).toEqual([]);
    await check.check();
    expect(holds.own.holds).toMatchObject([{ reason: 'ledger_unreadable', lane: null, pauses: false }]);
    expect(holds.own.holds[0]?.detail).toContain(ledger.keys.job(bad));
    await check.check();
    expect(holds.own.holds).toHaveLength(1);
    await ledger.redis.hset(ledger.keys.job(bad), 'request', stored);
    await check.check();
    expect(holds.own.holds).toEqual([]);
  });

  it('of a job costs that job: its message waits, and the others are admitted', async () => {
    await ledger.admit(request('bad'));
    await ledger.redis.hset(ledger.keys.job('bad'), 'request', '{', 'attempts', '??');
    const messages = await Promise.all(['bad', 'good'].map((id) => ledger.claimed(`message of ${id}`)));
    const entries = ['bad', 'good'].map((id, i) => ({ request: request(id), message: messages[i] as ClaimedMessage }));
    expect(await ledger.jobs.admit(entries)).toMatchObject([{ kind: 'unreadable' }, { kind: 'admitted' }]);
  });

  it.each(['', 'x', '[]', '["model-1"]', '["model-1"]\n{}', '{"a":1}\n{}'])(
    'of a slot, %j, costs that slot',
    async (text) => {
      const { lease } = await ledger.submitted('model-1');
      await ledger.redis.hset(ledger.keys.slots(LANE), '5', text, 'nine', JSON.stringify(['model-2']));
      const { slots, unreadableSlots } = await ledger.journal.read(lease.lane);
      expect(slots).toEqual([slot({ modelIds: ['model-1'], attempts: [attempt()] })]);
      expect(unreadableSlots).toEqual(['5', 'nine']);
    },
  );

  it.each([
    ['expiresAt', 'soon'],
    ['leaseMs', 'long'],
    ['epoch', 'first'],
  ])('of the lease of a lane, in %s, lets the lane be acquired again', async (field, value) => {
    const lease = await ledger.lane();
    await ledger.redis.hset(ledger.keys.lane(LANE), field, value);
    const again = await ledger.journal.acquire(LANE, 60_000);
    expect(again).toMatchObject({ lane: LANE });
    expect(again?.epoch).not.toBe(lease.epoch);
    expect(await ledger.journal.renew(again as LaneLease, 60_000)).toBe(true);
  });
});
