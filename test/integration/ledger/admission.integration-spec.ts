import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { RedisServer } from '../../support/redis/redis-server.js';
import { deployed, failed, LedgerFixture, request, token } from './ledger.fixture.js';

describe('Admission of messages', () => {
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

  const admitOne = async (wanted: ReturnType<typeof request>, bytes = 'message') => {
    const message = await ledger.claimed(bytes);
    const [admission] = await ledger.jobs.admit([{ request: wanted, message }]);
    return { message, admission };
  };

  /** As if the jobs that the producer opened had been opened that much earlier. */
  async function age(ms: number): Promise<void> {
    const opened = await ledger.redis.zrange(ledger.keys.producer('lab'), 0, '-1');
    for (const modelId of opened) await ledger.redis.zincrby(ledger.keys.producer('lab'), -ms, Buffer.from(modelId));
  }

  it('opens a job with the request exactly as it was asked', async () => {
    const { message, admission } = await admitOne(request('model-1'));
    expect(admission).toMatchObject({
      kind: 'admitted',
      job: {
        request: request('model-1'),
        state: 'admitted',
        slot: null,
        token: null,
        eventId: null,
        failure: null,
        attempts: [],
      },
    });
    expect(await ledger.redis.smembers(ledger.keys.leases('model-1'))).toEqual([message.lease]);
    expect(admission).toEqual({ kind: 'admitted', job: await ledger.jobs.find('model-1') });
  });

  it('dates a new job by the clock of Redis', async () => {
    const [seconds] = await ledger.redis.time();
    await admitOne(request('model-1'));
    const job = await ledger.jobs.find('model-1');
    expect(Math.abs((job?.createdAt ?? 0) - Number(seconds) * 1_000)).toBeLessThan(5_000);
    expect(job?.updatedAt).toBe(job?.createdAt);
  });

  it('attaches a second message with the same record to the open job', async () => {
    const first = await admitOne(request('model-1'), 'first');
    const second = await admitOne({ ...request('model-1'), messageId: 'another' }, 'second');
    expect(second.admission).toMatchObject({ kind: 'admitted', job: { request: { messageId: 'message-of-model-1' } } });
    expect(new Set(await ledger.redis.smembers(ledger.keys.leases('model-1')))).toEqual(
      new Set([first.message.lease, second.message.lease]),
    );
  });

  it('answers several messages for one model in one batch as if they came one by one', async () => {
    const requests = [request('model-1'), request('model-1'), request('model-1', { tokenSymbol: 'OTHER' })];
    const messages = await Promise.all(requests.map((_, i) => ledger.claimed(`message ${i}`)));
    const admissions = await ledger.jobs.admit(
      requests.map((wanted, i) => ({ request: wanted, message: messages[i] as (typeof messages)[number] })),
    );
    expect(admissions.map(({ kind }) => kind)).toEqual(['admitted', 'admitted', 'waiting']);
    expect((await ledger.redis.smembers(ledger.keys.leases('model-1'))).length).toBe(2);
  });

  it('attaches a message to a job in a transaction', async () => {
    await ledger.submitted('model-1');
    const { message, admission } = await admitOne(request('model-1'));
    expect(admission).toEqual({ kind: 'attached' });
    expect(await ledger.redis.smembers(ledger.keys.leases('model-1'))).toContain(message.lease);
  });

  it('answers a message for a deployed model with its token, and attaches nothing', async () => {
    await ledger.admit(request('model-1'));
    await ledger.jobs.complete(null, [deployed('model-1')]);
    const { message, admission } = await admitOne(request('model-1'));
    expect(admission).toEqual({ kind: 'deployed', token: token() });
    expect(await ledger.redis.smembers(ledger.keys.leases('model-1'))).not.toContain(message.lease);
  });

  it('takes an address in another case for the same contributor', async () => {
    await ledger.admit(request('model-1'));
    const contributor = String(request('model-1').record.contributor).toLowerCase();
    expect((await admitOne(request('model-1', { contributor }))).admission).toMatchObject({ kind: 'admitted' });
  });

  describe('of another record', () => {
    const other = request('model-1', { tokenSymbol: 'X'.repeat(500), currentValue: 1n });
    const detail = 'model model-1 was admitted before with another tokenSymbol, currentValue';

    it.each([
      ['an admitted job', () => ledger.admit(request('model-1'))],
      ['a submitted job', () => ledger.submitted('model-1')],
    ])('waits for the outcome of %s and changes nothing', async (_, arrange) => {
      await arrange();
      const message = await ledger.claimed('other');
      const before = await ledger.contents();
      expect(await ledger.jobs.admit([{ request: other, message }])).toEqual([{ kind: 'waiting' }]);
      expect(await ledger.contents()).toEqual(before);
    });

    it('takes over an open job whose messages are gone', async () => {
      for (const gone of await ledger.admit(request('model-1'))) await ledger.fence(gone);
      const { message, admission } = await admitOne(other);
      expect(admission).toMatchObject({ kind: 'admitted', job: { request: other, state: 'admitted' } });
      expect(await ledger.redis.smembers(ledger.keys.leases('model-1'))).toEqual([message.lease]);
    });

    it('is a conflict with a deployed job and changes nothing', async () => {
      await ledger.admit(request('model-1'));
      await ledger.jobs.complete(null, [deployed('model-1')]);
      const message = await ledger.claimed('other', { stalls: 2 });
      const before = await ledger.contents();
      expect(await ledger.jobs.admit([{ request: other, message }])).toEqual([{ kind: 'conflict', detail }]);
      expect(await ledger.contents()).toEqual(before);
    });

    it('opens a failed job again, with the new request and without the messages of the old one', async () => {
      const [first] = await ledger.admit(request('model-1'));
      await ledger.jobs.complete(null, [failed('model-1')]);
      const { message, admission } = await admitOne(other);
      expect(admission).toMatchObject({ kind: 'admitted', job: { request: other, state: 'admitted', failure: null } });
      expect(await ledger.redis.smembers(ledger.keys.leases('model-1'))).toEqual([message.lease]);
      expect(message.lease).not.toBe(first?.lease);
    });
  });

  it('opens a failed job again for the same record and forgets why it failed', async () => {
    await ledger.admit(request('model-1'));
    await ledger.jobs.complete(null, [failed('model-1')]);
    const { admission } = await admitOne(request('model-1'));
    expect(admission).toMatchObject({ kind: 'admitted', job: { state: 'admitted', failure: null } });
    expect(await ledger.redis.ttl(ledger.keys.leases('model-1'))).toBe(-1);
  });

  it('admits the open job of a replayed message when its messages are gone', async () => {
    for (const gone of await ledger.admit(request('model-1'))) await ledger.fence(gone);
    const message = await ledger.claimed('message of model-1', { replays: 1 });
    expect(await ledger.jobs.admit([{ request: request('model-1'), message }])).toMatchObject([{ kind: 'admitted' }]);
  });

  it('resets the stalls of an admitted message in every state of its job', async () => {
    await ledger.submitted('submitted');
    await ledger.admit(request('deployed'));
    await ledger.jobs.complete(null, [deployed('deployed')]);
    for (const modelId of ['new', 'submitted', 'deployed']) {
      const message = await ledger.claimed(`stalled ${modelId}`, { stalls: 2 });
      await ledger.jobs.admit([{ request: request(modelId), message }]);
      expect(await ledger.redis.hexists(ledger.queue.stalls, message.digest)).toBe(0);
    }
  });

  it('does not attach a message whose lease is gone', async () => {
    const message = await ledger.claimed('message');
    await ledger.fence(message);
    const [admission] = await ledger.jobs.admit([{ request: request('model-1'), message }]);
    expect(admission).toMatchObject({ kind: 'admitted' });
    expect(await ledger.redis.exists(ledger.keys.leases('model-1'))).toBe(0);
  });

  it('answers a repeat as the first time', async () => {
    const entry = { request: request('model-1'), message: await ledger.claimed('message') };
    const first = await ledger.jobs.admit([entry]);
    const before = await ledger.contents();
    expect(await ledger.jobs.admit([entry])).toEqual(first);
    expect(await ledger.contents()).toEqual(before);
  });

  it('admits 250 messages at once', async () => {
    const requests = Array.from({ length: 250 }, (_, i) => request(`model-${i}`));
    await ledger.admit(...requests);
    expect(await ledger.states('model-0', 'model-249')).toEqual(['admitted', 'admitted']);
  });

  it('keeps the jobs of every chain and contract apart', async () => {
    await ledger.admit(request('model-1'));
    await ledger.jobs.complete(null, [deployed('model-1')]);
    const others = [ledger.sibling({ chainId: 1 }), ledger.sibling({ contract: token().tokenAddress })];
    for (const other of others) {
      expect(await other.jobs.find('model-1')).toBeNull();
      const message = await ledger.claimed('message');
      expect(await other.jobs.admit([{ request: request('model-1'), message }])).toMatchObject([{ kind: 'admitted' }]);
    }
    expect(await ledger.states('model-1')).toEqual(['deployed']);
  });

  it('takes a contract in any case for the same', async () => {
    await ledger.admit(request('model-1'));
    const same = ledger.sibling({ contract: ledger.options.contract.toLowerCase() });
    expect(await same.states('model-1')).toEqual(['admitted']);
  });

  describe('of a producer with a budget', () => {
    const HOUR_MS = 3_600_000;
    const budget = { tokensPerHour: 2, tokensPerDay: 3 };

    const admitOf = async (modelId: string, limits = budget, producer = 'lab') => {
      const message = await ledger.claimed(`message of ${modelId}`);
      const [admission] = await ledger.jobs.admit([
        { request: { ...request(modelId), producer }, message, budget: limits },
      ]);
      return admission;
    };

    it('delays what is over it, and admits the messages of other producers', async () => {
      expect([await admitOf('a'), await admitOf('b')]).toMatchObject([{ kind: 'admitted' }, { kind: 'admitted' }]);
      const delayed = await admitOf('c');
      expect(delayed?.kind === 'delayed' ? Math.abs(delayed.delayMs - HOUR_MS) : delayed).toBeLessThan(5_000);
      expect(await ledger.jobs.find('c')).toBeNull();
      expect(await admitOf('d', budget, 'platform')).toMatchObject({ kind: 'admitted' });
      expect((await admitOne(request('e'))).admission).toMatchObject({ kind: 'admitted' });
    });

    it('admits again when the hour is over, until the day is full', async () => {
      for (const modelId of ['a', 'b']) await admitOf(modelId);
      await age(HOUR_MS + 1);
      expect(await admitOf('c')).toMatchObject({ kind: 'admitted' });
      expect(await admitOf('d')).toMatchObject({ kind: 'delayed', delayMs: HOUR_MS });
      await age(23 * HOUR_MS);
      expect(await admitOf('d')).toMatchObject({ kind: 'admitted' });
    });

    it('counts a model once, also when its message is repeated, is another one, or opens the job again', async () => {
      for (let round = 0; round < 3; round += 1) expect(await admitOf('a')).toMatchObject({ kind: 'admitted' });
      await ledger.jobs.complete(null, [failed('a')]);
      expect(await admitOf('a')).toMatchObject({ kind: 'admitted' });
      expect(await admitOf('b')).toMatchObject({ kind: 'admitted' });
      expect(await ledger.redis.zcard(ledger.keys.producer('lab'))).toBe(2);
    });

    it('takes nothing for a model with a token', async () => {
      await ledger.admit(request('a'));
      await ledger.jobs.complete(null, [deployed('a')]);
      for (const modelId of ['b', 'c']) await admitOf(modelId);
      expect(await admitOf('a')).toMatchObject({ kind: 'deployed' });
    });

    it('gives waiting messages turns one after the other, none later than in an hour', async () => {
      const limits = { tokensPerHour: 60, tokensPerDay: 1_000 };
      await Promise.all(Array.from({ length: 60 }, (_, i) => admitOf(`model-${i}`, limits)));
      await age(HOUR_MS - 10_000);
      const waits: number[] = [];
      for (let i = 60; i < 64; i += 1) {
        const admission = await admitOf(`model-${i}`, limits);
        if (admission?.kind === 'delayed') waits.push(admission.delayMs);
      }
      expect(waits).toHaveLength(4);
      expect(waits[0]).toBeLessThan(11_000);
      for (const i of [1, 2, 3]) {
        const gap = (waits[i] ?? 0) - (waits[i - 1] ?? 0);
        expect(gap).toBeGreaterThan(50_000);
        expect(gap).toBeLessThanOrEqual(60_000);
      }
    });

    it('never opens more jobs than it allows when several replicas admit at a time', async () => {
      const replicas = [ledger.jobs, ledger.sibling({ owner: 'another' }).jobs];
      const admissions = await Promise.all(
        Array.from({ length: 20 }, async (_, i) => {
          const message = await ledger.claimed(`message ${i}`);
          const entry = { request: { ...request(`model-${i}`), producer: 'lab' }, message, budget };
          return await replicas[i % 2]?.admit([entry]);
        }),
      );
      const kinds = admissions.map((each) => each?.[0]?.kind);
      expect(kinds.filter((kind) => kind === 'admitted')).toHaveLength(2);
      expect(kinds.filter((kind) => kind === 'delayed')).toHaveLength(18);
    });

    it('names a key of the wrong type and opens nothing', async () => {
      await ledger.redis.set(ledger.keys.producer('lab'), 'text');
      expect(await admitOf('a')).toMatchObject({ kind: 'unreadable' });
      expect(await ledger.jobs.find('a')).toBeNull();
    });
  });

  it('does not mistake a model id for another key', async () => {
    await ledger.admit(request('a'), request('a:leases'), request(''), request('admitted'));
    expect(await ledger.states('a', 'a:leases', '', 'admitted')).toEqual(Array(4).fill('admitted'));
    expect((await ledger.redis.smembers(ledger.keys.leases('a'))).length).toBe(1);
  });
});
