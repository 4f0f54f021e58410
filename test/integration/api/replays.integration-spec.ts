import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { RedisDeadLetters, RedisReplayRuns } from '#queue';
import { platformMessage } from '../../support/fixtures/platform-message.fixture.js';
import { aDeploymentJob } from '../../support/fixtures/deployment-job.fixture.js';
import { until } from '../../support/until.js';
import { ACTION, KEYS, present, QUEUE, QueueFixture } from '../queue/queue.fixture.js';
import { ApiReplica } from './api-replica.js';

interface RunBody {
  id: string;
  state: string;
  counts: Record<string, number>;
  examined: number;
  resumptions: number;
  results: { id: string; result: string }[];
}

let fixture: QueueFixture;
let one: ApiReplica;
let other: ApiReplica;
beforeAll(async () => {
  fixture = await QueueFixture.start();
  one = await ApiReplica.start(fixture);
  other = await ApiReplica.start(fixture);
});
beforeEach(async () => await fixture.reset());
afterEach(() => {
  one.runs.revive();
  one.ops.jobs.jobs = [];
  other.ops.jobs.jobs = [];
});
afterAll(async () => {
  await one.stop();
  await other.stop();
  await fixture.stop();
});

function entry(id: string, fields: object = {}): string {
  return JSON.stringify({ original_message: `message ${id}`, error: 'e', id, reason: 'poison', ...fields });
}

/** Oldest first. */
async function pushDeadLetters(...elements: readonly (string | Buffer)[]): Promise<void> {
  for (const element of elements) await fixture.client.lpush(KEYS.deadLetter, element);
}

async function waitForEnd(id: string): Promise<RunBody> {
  return await until('the end of the run', async () => {
    const body = (await other.get(`/dlq/replays/${id}`)).body as RunBody;
    return ['finished', 'cancelled'].includes(body.state) && body;
  });
}

/** As when the replica that carries the run has been dead for the length of a lease. */
async function expireLease(id: string): Promise<void> {
  await fixture.client.hset(`${KEYS.replay}:${id}`, 'lease_until', '0');
}

/** Times of the audit records of one operation, Unix milliseconds, oldest first. */
async function auditRecords(operation: string): Promise<number[]> {
  const records = await fixture.client.xrange(KEYS.audit, '-', '+');
  return records.filter(([, fields]) => fields[3] === operation).map(([id]) => Number(id.split('-')[0]));
}

function runIn(response: { readonly body: unknown }): RunBody {
  return response.body as RunBody;
}

function outcomes({ results }: RunBody): Record<string, string> {
  return Object.fromEntries(results.map(({ id, result }) => [id, result]));
}

describe('a short replay', () => {
  it('answers with a result per entry', async () => {
    await pushDeadLetters(entry('a'), 'garbage', entry('b'), entry('c', { reason: 'conflict' }));
    const response = await one.post('/dlq/replay', { filter: { reason: 'poison' } }).expect(200);
    const run = runIn(response);
    expect(run).toMatchObject({ state: 'finished', examined: 4, counts: { replayed: 2, unreplayable: 0 } });
    expect(outcomes(run)).toEqual({ a: 'replayed', b: 'replayed' });
    expect(await fixture.messagesIn(KEYS.main)).toEqual(['message a', 'message b']);
    expect(await fixture.messagesIn(KEYS.deadLetter)).toEqual(['garbage', entry('c', { reason: 'conflict' })]);
    expect(await fixture.client.exists(KEYS.replayRunning)).toBe(0);
  });

  it('stays with what is older than a time, or not older', async () => {
    const at = (id: string, failed_at: string) => entry(id, { failed_at });
    await pushDeadLetters(at('old', '2026-01-01T00:00:00'), at('new', '2026-01-02T00:00:00'), entry('timeless'));
    const before = await one.post('/dlq/replay', { filter: { failed_before: '2026-01-02' }, dry_run: true });
    expect(outcomes(runIn(before))).toEqual({ old: 'would_replay' });
    const after = await one.post('/dlq/replay', { filter: { failed_after: '2026-01-02T00:00:00Z' } });
    expect(outcomes(runIn(after))).toEqual({ new: 'replayed' });
  });

  it('replays one message once, though it comes back or stands there twice', async () => {
    await pushDeadLetters(entry('a'), entry('twin', { original_message: 'message a' }));
    const response = await one.post('/dlq/replay').expect(200);
    expect(outcomes(runIn(response))).toEqual({ a: 'replayed', twin: 'repeated' });
    expect(await fixture.messagesIn(KEYS.main)).toEqual(['message a']);
    expect(await fixture.client.llen(KEYS.deadLetter)).toBe(1);
  });

  it('leaves what its model has deployed already, unless it is forced', async () => {
    const message = platformMessage({ model_id: 'm-1' });
    await pushDeadLetters(entry('a', { original_message: message }), entry('b'));
    one.ops.jobs.jobs = [aDeploymentJob('m-1', { state: 'deployed', eventId: 'e-1' })];

    const response = await one.post('/dlq/replay').expect(200);
    expect(outcomes(runIn(response))).toEqual({ a: 'already_deployed', b: 'replayed' });
    expect((await one.post('/dlq/a/replay')).status).toBe(409);
    expect(await fixture.messagesIn(KEYS.main)).toEqual(['message b']);

    const forced = await one.post('/dlq/replay', { force: true }).expect(200);
    expect(outcomes(runIn(forced))).toEqual({ a: 'replayed' });
  });

  it('asks the chain about a model that the ledger does not know', async () => {
    await pushDeadLetters(entry('a', { original_message: platformMessage({ model_id: 'm-1' }) }));
    one.ops.tokens.tokens.set('m-1', '0x0000000000000000000000000000000000000001');

    const response = await one.post('/dlq/replay').expect(200);
    expect(outcomes(runIn(response))).toEqual({ a: 'already_deployed' });

    one.ops.tokens.down = true;
    expect((await one.post('/dlq/a/replay')).status).toBe(503);
    expect(await fixture.client.llen(KEYS.deadLetter)).toBe(1);
  });
});

describe('a replica that dies', () => {
  const ELEMENTS = ['garbage', entry('a'), entry('x', { reason: 'conflict' }), entry('b'), '{}', entry('c')];

  async function killAndResume(body: object, step: number, moment: 'before' | 'after'): Promise<RunBody> {
    await fixture.reset();
    await pushDeadLetters(...ELEMENTS);
    one.runs.crashAt(step, moment);
    const response = await one.post('/dlq/replay', body).expect(202);
    const { id } = runIn(response);
    expect((await other.post('/dlq/replay')).status).toBe(409);
    await expireLease(id);
    const run = await waitForEnd(id);
    one.runs.revive();
    expect(await fixture.messagesIn(KEYS.main)).toEqual(['message a', 'message b', 'message c']);
    expect(await auditRecords('replay')).toHaveLength(3);
    expect(run).toMatchObject({ state: 'finished', resumptions: 1 });
    return run;
  }

  // Three pushes, the record of what stays behind the last, and the end.
  it.each([1, 2, 3, 4])('before or after step %i is replaced by another, nothing twice, nothing lost', async (step) => {
    for (const moment of ['before', 'after'] as const) {
      const byFilter = await killAndResume({ filter: { reason: 'poison' } }, step, moment);
      expect(byFilter).toMatchObject({ counts: { replayed: 3, gone: 0, unreplayable: 0 }, examined: 6 });
      const ids = ['a', 'gone', 'b', 'c'];
      const byIds = await killAndResume({ ids }, step, moment);
      expect(byIds.counts).toMatchObject({ replayed: 3, gone: 1 });
      expect(byIds.results.map(({ id }) => id)).toEqual(ids);
    }
  });

  it('can do nothing any more when it comes back', async () => {
    await pushDeadLetters(entry('a'), entry('b'));
    const connections = await fixture.connect();
    const runs = new RedisReplayRuns(connections, { queueName: QUEUE });
    const selection = { kind: 'ids', ids: ['a'] } as const;
    const started = await runs.start({ id: randomUUID(), selection, maxPerSecond: null, force: false, action: ACTION });
    if (started.kind !== 'started') throw new Error('not started');
    await expireLease(started.lease.run.request.id);
    await waitForEnd(started.lease.run.request.id);
    const push = await new RedisDeadLetters(connections, { queueName: QUEUE }).find('b');
    const step = { stayed: [], unselected: 0, position: '1', push };
    expect(await runs.step(started.lease, step)).toEqual({ kind: 'fenced' });
    await runs.end(started.lease, 'cancelled');
    expect((await runs.find(started.lease.run.request.id))?.state).toBe('finished');
    expect(await fixture.messagesIn(KEYS.main)).toEqual(['message a']);
  });
});

/** Starts a replay on a replica that dies before its first step. */
async function abandoned(): Promise<string> {
  await pushDeadLetters(entry('a'));
  one.runs.crashAt(1, 'before');
  return runIn(await one.post('/dlq/replay').expect(202)).id;
}

async function holdOf(key: string) {
  return await until(`a hold that names ${key}`, () =>
    other.ops.holds.own.holds.find(({ detail }) => detail.includes(key)),
  );
}

/** Starts another replay as soon as the one before excludes it no longer. */
async function replayAgain(): Promise<RunBody> {
  one.runs.revive();
  const response = await until('another replay', async () => {
    const started = await other.post('/dlq/replay');
    return started.status === 200 && started;
  });
  await until('the end of the hold', () => other.ops.holds.own.holds.length === 0);
  return runIn(response);
}

describe('a replay whose keys are not what the service writes', () => {
  it.each(['', ':results', ':digests'])(
    'is a hold that names the key%s of another type, pauses nothing, and ends with the key',
    async (suffix) => {
      const id = await abandoned();
      const key = `${KEYS.replay}:${id}${suffix}`;
      await fixture.client.set(key, 'x');
      await expect(holdOf(key)).resolves.toMatchObject({ reason: 'ledger_unreadable', pauses: false });
      await fixture.client.del(key, `${KEYS.replay}:${id}`);
      expect((await replayAgain()).counts).toMatchObject({ replayed: 1 });
    },
  );

  it.each([
    ['order', '{'],
    ['state', 'lost'],
  ])('is a hold that names the run with a malformed %s, until it is deleted', async (field, value) => {
    const id = await abandoned();
    const key = `${KEYS.replay}:${id}`;
    await fixture.client.hset(key, field, value, 'lease_until', '0');
    await expect(holdOf(key)).resolves.toMatchObject({ reason: 'ledger_unreadable', pauses: false });
    expect((await other.get(`/dlq/replays/${id}`)).status).toBe(503);
    await fixture.client.del(key);
    expect((await replayAgain()).counts).toMatchObject({ replayed: 1 });
  });

  it('is taken over when the end of its lease is malformed, and shows the results that are not', async () => {
    const id = await abandoned();
    await fixture.client.rpush(`${KEYS.replay}:${id}:results`, 'junk', 'replayed {', 'gone 7');
    await fixture.client.hset(`${KEYS.replay}:${id}`, 'lease_until', 'soon');
    expect(outcomes(await waitForEnd(id))).toEqual({ a: 'replayed' });
  });

  it('excludes no other when it is gone', async () => {
    const id = await abandoned();
    await fixture.client.del(`${KEYS.replay}:${id}`);
    expect((await replayAgain()).counts).toMatchObject({ replayed: 1 });
  });
});

describe('a step whose reply is lost', () => {
  it('is taken once', async () => {
    await pushDeadLetters(entry('a'));
    const connections = await fixture.connect(fixture.proxy.url);
    const runs = new RedisReplayRuns(connections, { queueName: QUEUE });
    const letters = new RedisDeadLetters(connections, { queueName: QUEUE });
    const selection = { kind: 'ids', ids: ['a'] } as const;
    const order = { id: randomUUID(), selection, maxPerSecond: 1, force: false, action: ACTION };
    const push = present(await letters.find('a'));
    fixture.proxy.dropReplies(1);
    const started = await runs.start(order);
    if (started.kind !== 'started') throw new Error('not started');
    fixture.proxy.dropReplies(1);
    const stayed = [{ id: 'x', messageId: null, modelId: null, outcome: 'gone' as const }];
    const result = await runs.step(started.lease, { stayed, unselected: 2, position: '1', push });

    expect(result).toMatchObject({ kind: 'taken', outcome: 'replayed', lease: { steps: 1 } });
    expect(await fixture.messagesIn(KEYS.main)).toEqual(['message a']);
    expect(await runs.find(order.id)).toMatchObject({ examined: 4, counts: { replayed: 1, gone: 1 }, position: '1' });
    expect((await runs.results(order.id)).map(({ outcome }) => outcome)).toEqual(['gone', 'replayed']);
    expect(await auditRecords('replay_start')).toHaveLength(1);
  });
});

describe('a slow replay', () => {
  it('keeps to its rate by the clock of Redis, also after a change of replica', async () => {
    await pushDeadLetters(...['a', 'b', 'c', 'd'].map((id) => entry(id)));
    one.runs.crashAt(4, 'after');
    const response = await one.post('/dlq/replay', { max_per_second: 10, note: 'slowly' }).expect(202);
    const { id } = runIn(response);
    expect(response.headers['location']).toBe(`/dlq/replays/${id}`);
    await until('the second entry', async () => (await auditRecords('replay')).length >= 2);
    await expireLease(id);
    const run = await waitForEnd(id);
    expect(run.counts['replayed']).toBe(4);
    const times = await auditRecords('replay');
    for (const [index, time] of times.slice(1).entries()) {
      expect(time - (times[index] ?? 0)).toBeGreaterThanOrEqual(100);
    }
  });

  it('excludes every other on all replicas, and ends before its next entry when it is cancelled', async () => {
    await pushDeadLetters(entry('a'), entry('b'), entry('c'));
    const posts = [one, other].map(async (replica) => await replica.post('/dlq/replay', { max_per_second: 0.1 }));
    const [refused, accepted] = (await Promise.all(posts)).toSorted((a, b) => b.status - a.status);
    const { id } = runIn(present(accepted));
    expect([accepted?.status, refused?.status]).toEqual([202, 409]);
    expect(refused?.body).toMatchObject({ replay: `/dlq/replays/${id}` });
    await until('the first entry', async () => (await auditRecords('replay')).length === 1);

    expect((await other.delete(`/dlq/replays/${id}?note=enough`).expect(202)).body).toEqual({
      id,
      state: 'cancelling',
    });
    expect(await waitForEnd(id)).toMatchObject({ state: 'cancelled', counts: { replayed: 1 } });
    expect(await fixture.client.llen(KEYS.deadLetter)).toBe(2);
    expect(await auditRecords('replay_cancel')).toHaveLength(1);
    expect((await other.delete(`/dlq/replays/${id}`)).status).toBe(409);
    expect((await other.delete(`/dlq/replays/${randomUUID()}`)).status).toBe(404);
    expect((await one.post('/dlq/replay')).status).toBe(200);
  });

  it('is given up at shutdown, and carried on at once', async () => {
    const leaving = await ApiReplica.start(fixture);
    await pushDeadLetters(entry('a'), entry('b'));
    const response = await leaving.post('/dlq/replay', { max_per_second: 2 }).expect(202);
    await leaving.stop();
    const run = await waitForEnd(runIn(response).id);
    expect(run.counts['replayed']).toBe(2);
  });
});
