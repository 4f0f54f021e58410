import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type DeadLetter, HoldError, type JobUpdate, type ReplayLease, type Settlement } from '#core';
import { type LedgerOptions, RedisDeploymentJobs, RedisLaneJournal } from '#ledger';
import { RedisDeadLetters, type RedisMessageQueue, RedisReplayRuns } from '#queue';
import type { RedisConnections } from '#redis';
import { attempt, deployed, failed, LANE, request, slot } from '../ledger/ledger.fixture.js';
import { ACTION, KEYS, present, QUEUE, QueueFixture, texts } from './queue.fixture.js';

const LEDGER: LedgerOptions = {
  queueName: QUEUE,
  deployedQueueName: 'hokusai:token_deployed_queue',
  chainId: 31337,
  contract: '0x5FbDB2315678afecb367f032d93F642f64180aa3',
  owner: 'replica-a',
};
const USER = 'deployer';
/** As docs/redis.md grants them. */
const GRANTED = ['reset', 'on', '>secret', '~hokusai:*', '+@all', '-@dangerous', '+info'];
const MESSAGES = ['a', 'b', 'b', 'c'];

/** What one replica has, as a user whose permissions change. */
interface Scene {
  readonly queue: RedisMessageQueue;
  readonly letters: RedisDeadLetters;
  readonly replays: RedisReplayRuns;
  readonly jobs: RedisDeploymentJobs;
  readonly journal: RedisLaneJournal;
}

let fixture: QueueFixture;
let url: string;
beforeAll(async () => {
  fixture = await QueueFixture.start();
  url = fixture.server.url.replace('://', `://${USER}:secret@`);
});
beforeEach(async () => await fixture.reset());
afterEach(async () => await permit());
afterAll(async () => await fixture.stop());

async function permit(...denied: readonly string[]): Promise<void> {
  await fixture.client.acl('SETUSER', USER, ...GRANTED, ...denied.map((command) => `-${command.toLowerCase()}`));
}

/** Denies the command on the keys of the service only: no check that runs before the script notices. */
async function denyHalfWay(command: string): Promise<void> {
  const name = command.toLowerCase();
  await fixture.client.acl('SETUSER', USER, ...GRANTED, `-${name}`, `(+${name} ~*:scratch)`);
}

async function openScene(connections: RedisConnections): Promise<Scene> {
  const queue = await fixture.replica({ processingTimeoutMs: 0 }, connections);
  // The first script of each connection proves the permissions.
  await Promise.all([queue.promote(), queue.resume(ACTION)]);
  return {
    queue,
    letters: new RedisDeadLetters(connections, { queueName: QUEUE }),
    replays: new RedisReplayRuns(connections, { queueName: QUEUE }),
    jobs: new RedisDeploymentJobs(connections, LEDGER),
    journal: new RedisLaneJournal(connections, LEDGER),
  };
}

/** Commands of all scripts that Redis itself counts as writes. */
async function writeCommands(): Promise<readonly string[]> {
  const folders = ['libs/queue/src/lua', 'libs/ledger/src/lua'];
  const files = folders.flatMap((folder) => readdirSync(folder).map((file) => `${folder}/${file}`));
  const scripts = files.map((file) => readFileSync(file, 'utf8'));
  const called = scripts.flatMap((script) => script.match(/(?<=redis\.call\([^,)]*')[A-Z]+(?=')/g) ?? []);
  const commands = [...new Set(called)].toSorted();
  const infos = (await fixture.client.call('COMMAND', 'INFO', ...commands)) as [string, number, string[]][];
  return infos.filter(([, , flags]) => flags.includes('write')).map(([name]) => name.toUpperCase());
}

async function expireLeases(): Promise<void> {
  for (const lease of await fixture.client.zrange(KEYS.leases, '0', '-1'))
    await fixture.client.zadd(KEYS.leases, 'XX', 1, lease);
}

function entry(message: string): string {
  return JSON.stringify({ original_message: message, error: 'e' });
}

const settle = (settlement: (message: string) => Settlement) => async (scene: Scene) => {
  await fixture.produce(...MESSAGES);
  const messages = await scene.queue.claim(MESSAGES.length);
  const settlements = messages.map(({ lease, bytes }) => ({
    lease,
    settlement: settlement(Buffer.from(bytes).toString()),
  }));
  return async () => void (await scene.queue.settle(settlements));
};

const complete = (update: (modelId: string) => JobUpdate) => async (scene: Scene) => {
  await fixture.produce(...MESSAGES);
  const messages = await scene.queue.claim(MESSAGES.length);
  await scene.jobs.admit(messages.map((message) => ({ message, request: request('model-1') })));
  const lease = present(await scene.journal.acquire(LANE, 60_000));
  await scene.journal.resetNonce(lease, 7);
  await scene.journal.commit(lease, slot({ nonce: 7, attempts: [attempt()] }));
  return async () => void (await scene.jobs.complete({ lease, nonce: 7 }, [update('model-1')]));
};

const replay = (act: (scene: Scene, letter: DeadLetter) => Promise<unknown>) => async (scene: Scene) => {
  await fixture.client.lpush(KEYS.deadLetter, ...MESSAGES.map(entry));
  const [letter] = (await scene.letters.list({ limit: 1 })).items;
  return async () => void (await act(scene, present(letter)));
};

async function startReplay(scene: Scene): Promise<ReplayLease> {
  const selection = { kind: 'oldest', filter: {}, limit: 10 } as const;
  const order = { id: randomUUID(), selection, maxPerSecond: null, force: false, action: ACTION };
  const started = await scene.replays.start(order);
  if (started.kind !== 'started') throw new Error(`the replay is ${started.kind}`);
  return started.lease;
}

/** Puts the messages in place and returns the script to break off. */
type Prepare = (scene: Scene) => Promise<() => Promise<void>>;

const SCRIPTS: Readonly<Record<string, Prepare>> = {
  claim: async ({ queue }) => {
    await fixture.produce(...MESSAGES);
    return async () => void (await queue.claim(MESSAGES.length));
  },
  'settle (ack)': settle(() => ({ kind: 'ack' })),
  'settle (release)': settle(() => ({ kind: 'release' })),
  'settle (delay)': settle(() => ({ kind: 'delay', delayMs: 0 })),
  'settle (retry)': settle(() => ({ kind: 'retry', delayMs: 0, reason: 'internal_error' })),
  'settle (dead-letter)': settle((message) => ({ kind: 'dead-letter', entry: entry(message) })),
  renew: async ({ queue }) => {
    await fixture.produce(...MESSAGES);
    const leases = (await queue.claim(MESSAGES.length)).map(({ lease }) => lease);
    return async () => void (await queue.renew(leases));
  },
  promote: async (scene) => {
    const retry = await settle(() => ({ kind: 'retry', delayMs: 0, reason: 'internal_error' }))(scene);
    await retry();
    return async () => void (await scene.queue.promote());
  },
  sweep: async ({ queue }) => {
    await fixture.produce(...MESSAGES);
    await queue.claim(MESSAGES.length);
    await expireLeases();
    return async () => void (await queue.sweep());
  },
  'sweep-orphans': async ({ queue }) => {
    await fixture.client.lpush(KEYS.processing, ...MESSAGES);
    await queue.sweep();
    return async () => void (await queue.sweep());
  },
  replay: replay(async ({ letters }, letter) => await letters.replay(letter, ACTION)),
  discard: replay(async ({ letters }, letter) => await letters.discard(letter, ACTION)),
  restore: async (scene) => {
    await fixture.client.lpush(KEYS.deadLetter, ...MESSAGES.map(entry));
    const [letter] = (await scene.letters.list({ limit: 1 })).items;
    const discarded = await scene.letters.discard(present(letter), ACTION);
    if (discarded.result !== 'discarded') throw new Error('nothing was discarded');
    return async () => void (await scene.letters.restore(discarded.auditId, ACTION));
  },
  'replay-step': async (scene) => {
    await fixture.client.lpush(KEYS.deadLetter, ...MESSAGES.map(entry));
    const lease = await startReplay(scene);
    const [push] = (await scene.letters.list({ limit: 1 })).items;
    const step = { position: '1', unselected: 0, stayed: [], push: present(push) };
    return async () => void (await scene.replays.step(lease, step));
  },
  'admit-jobs': async ({ queue, jobs }) => {
    await fixture.produce(...MESSAGES);
    const messages = await queue.claim(MESSAGES.length);
    return async () => void (await jobs.admit(messages.map((message) => ({ message, request: request('model-1') }))));
  },
  'settle-jobs (deployed)': complete(deployed),
  'settle-jobs (failed)': complete(failed),
};

/** Bytes of every place where a message may be, those that a script decided to acknowledge included. */
async function findMessages(): Promise<readonly string[]> {
  const { client } = fixture;
  const delayed = await client.zrange(KEYS.delayed, '0', '-1');
  const discarded = (await client.xrange(KEYS.audit, '-', '+')).flatMap(([, fields]) => fields);
  const letters = [
    ...(await client.lrange(KEYS.deadLetter, 0, -1)),
    ...discarded.filter((text) => text.startsWith('{')),
  ];
  return [
    ...(await client.lrange(KEYS.main, 0, -1)),
    ...(await client.lrange(KEYS.processing, 0, -1)),
    ...delayed.map((member) => member.slice(member.indexOf('\n') + 1)),
    ...letters.map((letter) => (JSON.parse(letter) as { original_message: string }).original_message),
  ];
}

/** The messages that are nowhere, each copy for itself. */
function missing(found: readonly string[]): readonly string[] {
  const left = [...found];
  return MESSAGES.filter((message) => {
    const at = left.indexOf(message);
    if (at !== -1) left.splice(at, 1);
    return at === -1;
  });
}

/** What goes wrong when Redis denies the command half-way in the script, and permits it again. */
async function findViolations(name: string, prepare: Prepare, command: string): Promise<readonly string[]> {
  await fixture.reset();
  await permit();
  const connections = await fixture.connect(url);
  const scene = await openScene(connections);
  const run = await prepare(scene);

  await denyHalfWay(command);
  const outcome = await run().catch((error: unknown) => error);
  const acknowledged = name === 'settle (ack)' || (await fixture.client.llen(LEDGER.deployedQueueName)) > 0;
  const lost = missing(await findMessages());

  await permit();
  await expireLeases();
  for (let sweeps = 0; sweeps < 3; sweeps += 1) await scene.queue.sweep();
  await scene.queue.promote();
  const stuck = await fixture.client.exists(KEYS.processing, KEYS.inflight, KEYS.leases);
  const lostBySweep = missing(await findMessages());
  connections.close();
  return [
    ...(outcome === undefined || outcome instanceof HoldError ? [] : [`${command}: the error is no hold`]),
    ...(acknowledged ? [] : [...lost, ...lostBySweep].map((message) => `${command}: ${message} is lost`)),
    ...(stuck > 0 ? [`${command}: the sweep leaves messages`] : []),
  ];
}

describe('a script that Redis refuses half-way', () => {
  it.each(Object.entries(SCRIPTS))('loses no message, and leaves it to the sweep: %s', async (name, prepare) => {
    const violations: string[] = [];
    for (const command of await writeCommands()) violations.push(...(await findViolations(name, prepare, command)));
    expect(violations).toEqual([]);
  });
});

/** Every key with its bytes. */
async function stored(): Promise<Readonly<Record<string, string>>> {
  const keys = (await fixture.client.keys('*')).toSorted();
  const dumps = await Promise.all(keys.map(async (key) => (await fixture.client.dumpBuffer(key)).toString('hex')));
  return Object.fromEntries(keys.map((key, index) => [key, dumps[index] ?? '']));
}

describe('a script with a command that is denied at run time', () => {
  // A sweep runs two scripts, of which one may be refused.
  const single = Object.entries(SCRIPTS).filter(([name]) => name !== 'sweep');

  it.each(single)('changes nothing: %s', async (_name, prepare) => {
    const refused: string[] = [];
    for (const command of await writeCommands()) {
      await fixture.reset();
      await permit();
      const run = await prepare(await openScene(await fixture.open(url)));
      const before = await stored();
      await permit(command);
      const outcome = await run().catch((error: unknown) => error);
      if (outcome === undefined) continue;
      refused.push(command);
      expect(outcome, `${command} is denied`).toBeInstanceOf(HoldError);
      expect(await stored(), `${command} is denied`).toEqual(before);
    }
    expect(refused).not.toEqual([]);
  });
});

describe('a user who may not run every command', () => {
  it.each(['LPUSH', 'LMOVE', 'HSET', 'ZADD', 'XADD'])('claims nothing and says that %s is denied', async (command) => {
    await permit(command);
    const connections = await fixture.open(url);
    const queue = await fixture.replica({}, connections);
    await fixture.produce(...MESSAGES);

    const refusal = expect.objectContaining({
      reason: 'redis_unavailable',
      message: expect.stringContaining(`may not run ${command}:`) as string,
    }) as unknown;
    await expect(queue.claim(10)).rejects.toEqual(refusal);
    await expect(queue.sweep()).rejects.toEqual(refusal);
    expect(await fixture.messagesIn(KEYS.main)).toEqual(MESSAGES);

    await permit();
    expect(texts(await queue.claim(10))).toEqual(MESSAGES);
    expect(await fixture.keysInUse()).not.toContain(expect.stringMatching(/:scratch$/));
  });

  it('holds after a denial until every command is permitted again', async () => {
    await permit();
    const queue = await fixture.replica({}, await fixture.connect(url));
    await fixture.produce(...MESSAGES);
    const [message] = await queue.claim(1);
    const settlement = { kind: 'dead-letter', entry: '{}' } as const;
    const bury = () => queue.settle([{ lease: present(message).lease, settlement }]);

    await permit('LREM');
    for (let tries = 0; tries < 4; tries += 1) await expect(bury()).rejects.toBeInstanceOf(HoldError);
    await expect(queue.claim(10)).rejects.toThrow(/may not run LREM:/);
    expect(await fixture.client.llen(KEYS.deadLetter)).toBe(0);

    await permit();
    expect(await bury()).toEqual(['settled']);
    expect(await fixture.client.llen(KEYS.deadLetter)).toBe(1);
    expect(await queue.claim(10)).toHaveLength(MESSAGES.length - 1);
  });
});
