import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ClaimedMessage, JobUpdate, LaneLease } from '#core';
import { ANVIL_ACCOUNTS } from '../../support/chain/anvil.js';
import { RedisServer } from '../../support/redis/redis-server.js';
import {
  attempt,
  deployed,
  failed,
  kept,
  LANE,
  LedgerFixture,
  request,
  slot,
  token,
  unregistered,
} from './ledger.fixture.js';

const byLease = (a: { lease: string }, b: { lease: string }) => (a.lease < b.lease ? -1 : 1);
const returned = (modelId: string) => ({ kind: 'returned', modelId }) as const;

describe('Settlement of jobs', () => {
  let server: RedisServer;
  let ledger: LedgerFixture;

  beforeAll(async () => {
    server = await RedisServer.start();
  });
  beforeEach(async () => {
    ledger = await LedgerFixture.open(server);
  });
  afterEach(() => ledger.close());
  afterAll(() => server.stop());

  /** A job whose token is published as unregistered, in a transaction again. */
  const submittedAgain = async (): Promise<LaneLease> => {
    await ledger.admit(request('model-1'));
    await ledger.jobs.complete(null, [unregistered('model-1')]);
    const lease = await ledger.lane();
    expect(await ledger.journal.commit(lease, slot())).toEqual({ kind: 'committed' });
    expect(await ledger.jobs.find('model-1')).toMatchObject({ state: 'submitted', slot: { nonce: 7 } });
    return lease;
  };

  /** One more message for a model. */
  const attach = async (modelId: string, bytes: string, counters = {}) => {
    const message = await ledger.claimed(bytes, counters);
    await ledger.jobs.admit([{ request: request(modelId), message }]);
    return message;
  };

  describe('deployed, and left to the registry owner to register', () => {
    it('publishes its event, acknowledges the message and keeps what is left to call', async () => {
      const { lease, messages } = await ledger.submitted('model-1');
      expect(await ledger.jobs.complete({ lease, nonce: 7 }, [unregistered('model-1')])).toEqual([
        { modelId: 'model-1', changed: true, acknowledged: [messages[0]?.lease], detached: [] },
      ]);
      expect(await ledger.events()).toEqual(['{"unregistered":1}']);
      expect(await ledger.journal.read(LANE)).toEqual({ nextNonce: 8, closedBlock: null, slots: [] });
      const { items } = await ledger.jobs.list({ limit: 10, state: 'deployed_unregistered' });
      expect(items).toMatchObject([
        {
          slot: null,
          eventId: 'event-1',
          token: { registryTransactionHash: null, registration: { calldata: '0x0123' } },
        },
      ]);
      expect(await ledger.redis.exists(ledger.queue.processing)).toBe(0);
    });

    it('takes another message with the same record as done, and one with another record as a conflict', async () => {
      await ledger.admit(request('model-1'));
      await ledger.jobs.complete(null, [unregistered('model-1')]);
      const [same, other] = [await ledger.claimed('same'), await ledger.claimed('other')];
      const admissions = await ledger.jobs.admit([
        { request: request('model-1'), message: same },
        { request: request('model-1', { tokenSymbol: 'OTHER' }), message: other },
      ]);
      expect(admissions).toMatchObject([
        { kind: 'deployed', token: { registration: { calldata: '0x0123' } } },
        { kind: 'conflict' },
      ]);
    });

    it('becomes deployed once, with an event of its own, and never goes back', async () => {
      await ledger.admit(request('model-1'));
      const settle = async (verdict: JobUpdate) => (await ledger.jobs.complete(null, [verdict]))?.[0]?.changed;
      expect(await settle(unregistered('model-1'))).toBe(true);
      expect(await settle(unregistered('model-1'))).toBe(false);
      expect(await settle(deployed('model-1'))).toBe(true);
      expect(await settle(deployed('model-1'))).toBe(false);
      expect(await settle(unregistered('model-1'))).toBe(false);
      expect(await ledger.events()).toEqual(['{"model":"model-1"}', '{"unregistered":1}']);
      expect(await ledger.jobs.find('model-1')).toMatchObject({
        state: 'deployed',
        token: token(),
        eventId: 'event-model-1',
      });
    });

    it('keeps why it is never registered, without a transaction', async () => {
      await ledger.admit(request('model-1'));
      await ledger.jobs.complete(null, [unregistered('model-1')]);
      expect(await ledger.jobs.complete(null, [failed('model-1')])).toMatchObject([{ changed: true, detached: [] }]);
      expect(await ledger.jobs.find('model-1')).toMatchObject({
        state: 'deployed_unregistered',
        failure: { reason: 'deployment_reverted' },
        token: { registration: { calldata: '0x0123' } },
      });
      await ledger.jobs.complete(null, [deployed('model-1')]);
      expect(await ledger.jobs.find('model-1')).toMatchObject({ state: 'deployed', failure: null });
      expect(await ledger.jobs.complete(null, [failed('model-1')])).toMatchObject([{ changed: false }]);
    });

    it('is not failed without its transaction while it is in one', async () => {
      await submittedAgain();
      expect(await ledger.jobs.complete(null, [failed('model-1')])).toMatchObject([{ changed: false }]);
      expect(await ledger.jobs.find('model-1')).toMatchObject({ state: 'submitted', failure: null });
    });

    it('can be carried by a transaction again, which makes it deployed', async () => {
      const lease = await submittedAgain();
      await ledger.jobs.complete({ lease, nonce: 7 }, [deployed('model-1')]);
      expect(await ledger.jobs.find('model-1')).toMatchObject({ state: 'deployed', slot: null });
      expect(await ledger.events()).toEqual(['{"model":"model-1"}', '{"unregistered":1}']);
    });

    it.each([
      ['returned', returned('model-1'), null],
      ['failed', failed('model-1'), { reason: 'deployment_reverted' }],
    ] as const)('stays what it is when its transaction is %s', async (_, verdict, failure) => {
      const lease = await submittedAgain();
      expect(await ledger.jobs.complete({ lease, nonce: 7 }, [verdict])).toMatchObject([
        { changed: true, detached: [] },
      ]);
      const { items } = await ledger.jobs.list({ limit: 10, state: 'deployed_unregistered' });
      expect(items).toMatchObject([{ slot: null, failure, token: { registration: { calldata: '0x0123' } } }]);
      expect(await ledger.events()).toEqual(['{"unregistered":1}']);
      const message = await ledger.claimed('same');
      expect(await ledger.jobs.admit([{ request: request('model-1'), message }])).toMatchObject([{ kind: 'deployed' }]);
    });
  });

  describe('deployed', () => {
    it('publishes the event, acknowledges the message, ends the job and closes the slot', async () => {
      const { lease, messages } = await ledger.submitted('model-1');
      await ledger.redis.hset(ledger.queue.stalls, String(messages[0]?.digest), '1');
      expect(await ledger.jobs.complete({ lease, nonce: 7 }, [deployed('model-1')])).toEqual([
        { modelId: 'model-1', changed: true, acknowledged: [messages[0]?.lease], detached: [] },
      ]);
      expect(await ledger.events()).toEqual(['{"model":"model-1"}']);
      expect(await ledger.journal.read(LANE)).toEqual({ nextNonce: 8, closedBlock: null, slots: [] });
      expect(await ledger.jobs.find('model-1')).toMatchObject({
        state: 'deployed',
        slot: null,
        token: token(),
        eventId: 'event-model-1',
        attempts: [kept(attempt())],
      });
      const { processing, leases, inflight, meta, stalls } = ledger.queue;
      expect(await ledger.redis.exists(processing, leases, inflight, meta, stalls)).toBe(0);
    });

    it('acknowledges every attached message that is still in processing, and no other', async () => {
      const { lease, messages } = await ledger.submitted('model-1');
      const second = await attach('model-1', 'second');
      const fenced = await attach('model-1', 'fenced');
      await ledger.fence(fenced);
      await ledger.claimed('of another model');
      const settled = await ledger.jobs.complete({ lease, nonce: 7 }, [deployed('model-1')]);
      expect(new Set(settled?.[0]?.acknowledged)).toEqual(new Set([messages[0]?.lease, second.lease]));
      expect(await ledger.processing()).toEqual(['of another model', 'fenced']);
    });

    it('takes one of two identical messages when the other is not attached', async () => {
      const { lease } = await ledger.submitted('model-1');
      const twin = await ledger.claimed('message of model-1');
      await ledger.jobs.complete({ lease, nonce: 7 }, [deployed('model-1')]);
      expect(await ledger.processing()).toEqual(['message of model-1']);
      expect(await ledger.redis.hkeys(ledger.queue.inflight)).toEqual([twin.lease]);
    });

    it('answers a repeat with the same leases and publishes nothing again', async () => {
      const { lease } = await ledger.submitted('model-1', 'model-2');
      const settle = () => ledger.jobs.complete({ lease, nonce: 7 }, [deployed('model-1'), deployed('model-2')]);
      const first = await settle();
      const before = await ledger.contents();
      expect(first?.map(({ changed }) => changed)).toEqual([true, true]);
      expect(await settle()).toEqual(first?.map((settled) => Object.assign(settled, { changed: false })));
      expect(await ledger.contents()).toEqual(before);
      expect(await ledger.redis.ttl(ledger.keys.leases('model-1'))).toBeGreaterThan(60);
    });

    it('publishes one event when many settle at once', async () => {
      const { lease } = await ledger.submitted('model-1');
      const rival = ledger.sibling({ owner: 'replica-b' });
      const settled = await Promise.all([
        ledger.jobs.complete({ lease, nonce: 7 }, [deployed('model-1')]),
        ...Array.from({ length: 8 }, () => rival.jobs.complete(null, [deployed('model-1')])),
      ]);
      expect(settled.filter((jobs) => jobs?.[0]?.changed)).toHaveLength(1);
      expect(await ledger.events()).toHaveLength(1);
      expect(await ledger.journal.read(LANE)).toMatchObject({ slots: [] });
    });

    it('needs no slot for a token that exists already', async () => {
      const [message] = await ledger.admit(request('model-1'));
      expect(await ledger.jobs.complete(null, [deployed('model-1')])).toMatchObject([
        { changed: true, acknowledged: [message?.lease] },
      ]);
      expect(await ledger.states('model-1')).toEqual(['deployed']);
    });

    it.each(
      [deployed, unregistered, failed]
        .map((update) => update('model-1'))
        .filter((update) => update.kind !== 'returned'),
    )('without a slot leaves a job alone that a message with another record has taken over: $kind', async (verdict) => {
      const { record } = request('model-1');
      const [first] = await ledger.admit(request('model-1'));
      await ledger.fence(first as ClaimedMessage);
      const [rival] = await ledger.admit(request('model-1', { tokenSymbol: 'OTHER' }));
      const before = await ledger.contents();
      expect(await ledger.jobs.complete(null, [{ ...verdict, record }])).toEqual([
        { modelId: 'model-1', changed: false, acknowledged: [], detached: [] },
      ]);
      expect(await ledger.contents()).toEqual(before);

      const own = { ...record, tokenSymbol: 'OTHER' };
      expect(await ledger.jobs.complete(null, [{ ...verdict, record: own }])).toMatchObject([{ changed: true }]);
      expect(await ledger.processing()).toEqual(
        verdict.kind === 'failed' ? [first, rival].map(() => 'message of model-1') : ['message of model-1'],
      );
    });

    it('ends a failed job, too', async () => {
      await ledger.admit(request('model-1'));
      await ledger.jobs.complete(null, [failed('model-1')]);
      await ledger.jobs.complete(null, [deployed('model-1')]);
      expect(await ledger.jobs.find('model-1')).toMatchObject({ state: 'deployed', failure: null });
    });

    it('is for ever', async () => {
      const { lease } = await ledger.submitted('model-1');
      await ledger.jobs.complete({ lease, nonce: 7 }, [deployed('model-1')]);
      const job = await ledger.jobs.find('model-1');
      for (const verdict of [failed('model-1'), returned('model-1')]) {
        expect(await ledger.jobs.complete({ lease, nonce: 7 }, [verdict])).toMatchObject([{ changed: false }]);
        expect(await ledger.jobs.complete(null, [verdict])).toMatchObject([{ changed: false, detached: [] }]);
      }
      expect(await ledger.jobs.find('model-1')).toEqual(job);
    });

    it('knows nothing of a job that does not exist', async () => {
      expect(await ledger.jobs.complete(null, [deployed('model-1')])).toEqual([
        { modelId: 'model-1', changed: false, acknowledged: [], detached: [] },
      ]);
      expect(await ledger.contents()).toEqual({});
    });

    it('publishes to the second list, once', async () => {
      const replica = ledger.sibling({ deployedFullQueueName: 'full' });
      const { lease } = await replica.submitted('model-1', 'model-2');
      const verdicts = [
        { ...deployed('model-1'), fullEvent: 'full-1' },
        { ...deployed('model-2'), event: null, fullEvent: 'full-2' },
      ];
      for (let call = 0; call < 2; call += 1) await replica.jobs.complete({ lease, nonce: 7 }, verdicts);
      expect(await replica.events()).toEqual(['{"model":"model-1"}']);
      expect(await ledger.redis.lrange('full', 0, -1)).toEqual(['full-2', 'full-1']);
      expect(await ledger.states('model-1', 'model-2')).toEqual(['deployed', 'deployed']);
      expect((await ledger.journal.read(LANE)).slots).toEqual([]);
    });

    it('leaves the job open when the event cannot be published', async () => {
      const { lease } = await ledger.submitted('model-1');
      await ledger.redis.set(ledger.options.deployedQueueName, 'not a list');
      await expect(ledger.jobs.complete({ lease, nonce: 7 }, [deployed('model-1')])).rejects.toThrow('WRONGTYPE');
      expect(await ledger.states('model-1')).toEqual(['submitted']);
      expect((await ledger.journal.read(LANE)).slots).toHaveLength(1);
      expect(await ledger.processing()).toHaveLength(1);
    });
  });

  describe('failed', () => {
    it('gives back the messages with their counters, still in processing', async () => {
      const { lease, messages } = await ledger.submitted('model-1');
      const counters = { attempts: 2, deliveries: 5, replays: 1, firstSeenAt: 1_780_000_000_001 };
      const second = await attach('model-1', 'zweite « 二 »', counters);
      const fenced = await attach('model-1', 'fenced');
      await ledger.fence(fenced);
      const settled = await ledger.jobs.complete({ lease, nonce: 7 }, [failed('model-1')]);
      expect(settled).toMatchObject([{ modelId: 'model-1', changed: true, acknowledged: [] }]);
      expect(settled?.[0]?.detached.toSorted(byLease)).toEqual([...messages, second].toSorted(byLease));
      expect(await ledger.processing()).toHaveLength(3);
      const left = await ledger.redis.smembers(ledger.keys.leases('model-1'));
      expect(left.toSorted()).toEqual([...messages, second].map(({ lease: each }) => each).toSorted());
      expect(await ledger.redis.ttl(ledger.keys.leases('model-1'))).toBeGreaterThan(60);
      expect(await ledger.jobs.find('model-1')).toMatchObject({
        state: 'failed',
        slot: null,
        failure: { reason: 'deployment_reverted', error: 'InvalidSymbol()' },
      });
      expect(await ledger.events()).toEqual([]);
    });

    it('gives back bytes that are not text', async () => {
      const [message] = await ledger.admit(request('model-1'));
      const bytes = Buffer.from([0xff, 0x00, 0xfe]);
      await ledger.redis.hset(ledger.queue.inflight, String(message?.lease), bytes);
      const settled = await ledger.jobs.complete(null, [failed('model-1')]);
      expect(settled?.[0]?.detached[0]?.bytes).toEqual(bytes);
    });

    it('reads the stalls of a message', async () => {
      const [message] = await ledger.admit(request('model-1'));
      await ledger.redis.hset(ledger.queue.stalls, String(message?.digest), '3');
      expect((await ledger.jobs.complete(null, [failed('model-1')]))?.[0]?.detached[0]?.stalls).toBe(3);
    });

    it('answers a repeat with the messages that are still to be settled', async () => {
      const { lease, messages } = await ledger.submitted('model-1');
      const second = await attach('model-1', 'second');
      const settle = () => ledger.jobs.complete({ lease, nonce: 7 }, [failed('model-1')]);
      const first = await settle();
      expect(await settle()).toEqual([{ ...first?.[0], changed: false }]);
      if (messages[0]) await ledger.fence(messages[0]);
      expect(await settle()).toEqual([{ modelId: 'model-1', changed: false, acknowledged: [], detached: [second] }]);
    });

    it('does not touch a job in a transaction that it does not close', async () => {
      await ledger.submitted('model-1');
      const before = await ledger.contents();
      expect(await ledger.jobs.complete(null, [failed('model-1'), returned('model-1')])).toEqual(
        ['model-1', 'model-1'].map((modelId) => ({ modelId, changed: false, acknowledged: [], detached: [] })),
      );
      expect(await ledger.contents()).toEqual(before);
    });

    it('does not touch a job in the same nonce of another lane', async () => {
      const { lease } = await ledger.submitted('model-1');
      await ledger.admit(request('model-2'));
      const other = (await ledger.journal.acquire(ANVIL_ACCOUNTS[1].address, 60_000)) as LaneLease;
      await ledger.journal.resetNonce(other, 7);
      await ledger.journal.commit(other, slot({ modelIds: ['model-2'], attempts: [attempt('0xbb')] }));
      await ledger.jobs.complete({ lease, nonce: 7 }, [failed('model-1'), failed('model-2')]);
      expect(await ledger.states('model-1', 'model-2')).toEqual(['failed', 'submitted']);
    });

    it('does not touch a job that was opened again and stands in a later slot', async () => {
      const { lease } = await ledger.submitted('model-1');
      await ledger.jobs.complete({ lease, nonce: 7 }, [returned('model-1')]);
      await ledger.journal.commit(lease, slot({ nonce: 8, attempts: [attempt('0xbb')] }));
      expect(await ledger.jobs.complete({ lease, nonce: 7 }, [failed('model-1')])).toMatchObject([{ changed: false }]);
      expect(await ledger.states('model-1')).toEqual(['submitted']);
    });
  });

  describe('returned', () => {
    it('opens the job for another transaction, its messages attached as before', async () => {
      const { lease, messages } = await ledger.submitted('model-1');
      expect(await ledger.jobs.complete({ lease, nonce: 7 }, [returned('model-1')])).toEqual([
        { modelId: 'model-1', changed: true, acknowledged: [], detached: [] },
      ]);
      expect(await ledger.jobs.find('model-1')).toMatchObject({ state: 'admitted', slot: null });
      expect(await ledger.journal.commit(lease, slot({ nonce: 8 }))).toEqual({ kind: 'committed' });
      expect(await ledger.jobs.complete({ lease, nonce: 8 }, [deployed('model-1')])).toMatchObject([
        { acknowledged: [messages[0]?.lease] },
      ]);
    });
  });

  describe('of a whole slot', () => {
    it('gives every job its own verdict', async () => {
      const { lease } = await ledger.submitted('a', 'b', 'c');
      const settled = await ledger.jobs.complete({ lease, nonce: 7 }, [deployed('a'), failed('b'), returned('c')]);
      expect(settled?.map(({ modelId, changed }) => [modelId, changed])).toEqual([
        ['a', true],
        ['b', true],
        ['c', true],
      ]);
      expect(await ledger.states('a', 'b', 'c')).toEqual(['deployed', 'failed', 'admitted']);
      expect(await ledger.processing()).toEqual(expect.arrayContaining(['message of b', 'message of c']));
      expect(await ledger.events()).toEqual(['{"model":"a"}']);
    });

    it('takes model ids of any characters', async () => {
      const modelIds = ['"quoted"\\', 'line\nbreak', 'nul\u0000', '模型 😀', '%s {x} 0xaa'];
      const { lease } = await ledger.submitted(...modelIds);
      expect(await ledger.journal.addAttempt(lease, 7, attempt('0xbb'))).toEqual({ kind: 'committed' });
      await expect(ledger.jobs.complete({ lease, nonce: 7 }, [])).rejects.toThrow('its job of model "quoted"\\');
      const settled = await ledger.jobs.complete({ lease, nonce: 7 }, modelIds.map(deployed));
      expect(settled?.map(({ modelId, changed }) => [modelId, changed])).toEqual(modelIds.map((id) => [id, true]));
      for (const modelId of modelIds) {
        expect((await ledger.jobs.find(modelId))?.attempts).toEqual([kept(attempt()), kept(attempt('0xbb'))]);
      }
    });

    it('is refused as long as a job in it has no verdict', async () => {
      const { lease } = await ledger.submitted('a', 'b');
      const before = await ledger.contents();
      await expect(ledger.jobs.complete({ lease, nonce: 7 }, [deployed('a')])).rejects.toThrow('its job of model b');
      expect(await ledger.contents()).toEqual(before);
    });

    it('needs no verdict for a job that was settled without the slot', async () => {
      const { lease } = await ledger.submitted('a', 'b');
      await ledger.jobs.complete(null, [deployed('b')]);
      expect(await ledger.jobs.complete({ lease, nonce: 7 }, [deployed('a')])).toMatchObject([{ changed: true }]);
    });

    it('closes only that slot', async () => {
      const { lease } = await ledger.submitted('a');
      await ledger.admit(request('b'));
      await ledger.journal.commit(lease, slot({ nonce: 8, modelIds: ['b'] }));
      await ledger.jobs.complete({ lease, nonce: 7 }, [deployed('a')]);
      expect((await ledger.journal.read(LANE)).slots).toEqual([slot({ nonce: 8, modelIds: ['b'] })]);
    });

    it('closes a slot that carries no job', async () => {
      const lease = await ledger.lane();
      await ledger.journal.commit(lease, slot({ modelIds: [] }));
      expect(await ledger.jobs.complete({ lease, nonce: 7 }, [])).toEqual([]);
      expect((await ledger.journal.read(LANE)).slots).toEqual([]);
    });
  });

  it('works with the braced keys of Redis Cluster', async () => {
    const cluster = ledger.sibling({ braced: true });
    const { lease } = await cluster.submitted('model-1');
    await cluster.jobs.complete({ lease, nonce: 7 }, [deployed('model-1')]);
    const own = (await ledger.redis.keys('*')).filter((key) => key !== ledger.options.deployedQueueName);
    expect(own.filter((key) => !key.startsWith('{ready}:'))).toEqual([]);
  });

  it('drains a Redis that is out of memory', async () => {
    const full = await RedisServer.start(['--maxmemory-policy', 'noeviction']);
    const replica = await LedgerFixture.open(full);
    try {
      const message = await replica.claimed('message');
      await replica.redis.config('SET', 'maxmemory', '1');
      await expect(replica.redis.set('x', 'y')).rejects.toThrow('OOM');
      await replica.jobs.admit([{ request: request('model-1'), message }]);
      const lease = await replica.lane();
      expect(await replica.journal.renew(lease, 60_000)).toBe(true);
      expect(await replica.journal.commit(lease, slot())).toEqual({ kind: 'committed' });
      expect(await replica.journal.addAttempt(lease, 7, attempt('0xbb'))).toEqual({ kind: 'committed' });
      expect(await replica.jobs.complete({ lease, nonce: 7 }, [deployed('model-1')])).toMatchObject([
        { changed: true },
      ]);
      expect(await replica.processing()).toEqual([]);
    } finally {
      replica.close();
      await full.stop();
    }
  });
});
