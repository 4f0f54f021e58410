import { readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { JobUpdate, LaneLease } from '#core';
import { RedisJobRestoration } from '#ledger';
import { RedisConnections } from '#redis';
import { RedisServer } from '../../support/redis/redis-server.js';
import {
  attempt,
  deployed,
  failed,
  LANE,
  LedgerFixture,
  request,
  slot,
  token,
  unregistered,
} from './ledger.fixture.js';

const ACTION = { actor: 'alice', requestId: 'r-1', note: null };
const MODELS = ['model-1', 'model-2'];

/** Puts the ledger in place and returns the call to break off. */
type Prepare = (ledger: LedgerFixture) => Promise<() => Promise<unknown>>;

const complete = (update: (modelId: string) => JobUpdate) => async (ledger: LedgerFixture) => {
  const { lease, nonce } = await ledger.submitted(...MODELS);
  return () => ledger.jobs.complete({ lease, nonce, block: 12 }, MODELS.map(update));
};

const restore = async (ledger: LedgerFixture) => {
  await ledger.admit(request('model-1', { tokenSymbol: 'OTHER' }));
  await ledger.jobs.complete(null, [failed('model-1')]);
  const restoration = new RedisJobRestoration(ledger.connections, ledger.options);
  const jobs = MODELS.map((modelId) => ({ request: request(modelId), token: token() }));
  return () => restoration.restore(jobs, { publishedAs: () => 'event-1' });
};

const SCRIPTS: Readonly<Record<string, readonly [script: string, prepare: Prepare]>> = {
  'admit a model': [
    'admit-jobs',
    async (ledger) => {
      const messages = await Promise.all(MODELS.map((modelId) => ledger.claimed(modelId, { stalls: 1 })));
      return () => ledger.jobs.admit(messages.map((message, i) => ({ message, request: request(MODELS[i] ?? '') })));
    },
  ],
  'admit a failed model': [
    'admit-jobs',
    async (ledger) => {
      await ledger.admit(request('model-1', { tokenSymbol: 'OTHER' }));
      await ledger.jobs.complete(null, [failed('model-1')]);
      const message = await ledger.claimed('again');
      return () => ledger.jobs.admit([{ message, request: request('model-1') }]);
    },
  ],
  'acquire a lane': ['acquire-lane', async (ledger) => () => ledger.journal.acquire(LANE, 60_000)],
  'renew a lane': [
    'renew-lane',
    async (ledger) => {
      const lease = await ledger.lane();
      return () => ledger.journal.renew(lease, 60_000);
    },
  ],
  'release a lane': [
    'release-lane',
    async (ledger) => {
      const lease = await ledger.lane();
      return () => ledger.journal.release(lease);
    },
  ],
  'free a lane': [
    'free-lane',
    async (ledger) => {
      await ledger.lane();
      return () => ledger.journal.free(LANE, ACTION);
    },
  ],
  'reset a nonce': [
    'reset-nonce',
    async (ledger) => {
      const lease = (await ledger.journal.acquire(LANE, 60_000)) as LaneLease;
      return () => ledger.journal.resetNonce(lease, 7);
    },
  ],
  'commit a transaction': [
    'commit',
    async (ledger) => {
      await ledger.admit(...MODELS.map((modelId) => request(modelId)));
      const lease = await ledger.lane();
      return () => ledger.journal.commit(lease, slot({ modelIds: MODELS }));
    },
  ],
  'commit a registration': [
    'commit',
    async (ledger) => {
      const { lease, nonce } = await ledger.submitted('model-1');
      await ledger.jobs.complete({ lease, nonce }, [unregistered('model-1')]);
      return () => ledger.journal.commit(lease, slot({ nonce: 8, attempts: [attempt('0xbb')] }));
    },
  ],
  'add an attempt': [
    'add-attempt',
    async (ledger) => {
      const { lease } = await ledger.submitted(...MODELS);
      return () => ledger.journal.addAttempt(lease, 7, attempt('0xbb'));
    },
  ],
  'fill a gap': [
    'fill-gap',
    async (ledger) => {
      const lease = await ledger.lane(9);
      return () => ledger.journal.fillGap(lease, slot({ modelIds: [] }));
    },
  ],
  'complete deployed jobs': ['settle-jobs', complete(deployed)],
  'complete unregistered jobs': ['settle-jobs', complete(unregistered)],
  'complete failed jobs': ['settle-jobs', complete(failed)],
  'complete jobs that were not executed': ['settle-jobs', complete((modelId) => ({ kind: 'returned', modelId }))],
  'fail a job without a slot': [
    'settle-jobs',
    async (ledger) => {
      await ledger.admit(request('model-1'));
      return () => ledger.jobs.complete(null, [failed('model-1')]);
    },
  ],
  'restore jobs': ['restore-jobs', restore],
};

/** Write commands of a script with the functions that it includes. */
async function writeCommands(ledger: LedgerFixture, script: string): Promise<readonly string[]> {
  const files = [
    `libs/ledger/src/lua/${script}.lua`,
    'libs/ledger/src/lua/job-state.lua',
    'libs/queue/src/lua/audit.lua',
  ];
  const text = files.map((file) => readFileSync(file, 'utf8')).join('\n');
  const called = text.match(/(?<=redis\.call\([^,)]*')[A-Z]+(?=')/g) ?? [];
  const commands = [...new Set(called)].toSorted();
  const infos = (await ledger.redis.call('COMMAND', 'INFO', ...commands)) as [string, number, string[]][];
  return infos.filter(([, , flags]) => flags.includes('write')).map(([name]) => name.toUpperCase());
}

/** What a call leaves, without times, epochs and lease names. Events count once: consumers drop a repeated event id. */
async function outcome(ledger: LedgerFixture) {
  const found = await Promise.all(MODELS.map((modelId) => ledger.jobs.find(modelId)));
  const jobs = found.map((job) => job && { ...job, createdAt: 0, updatedAt: 0 });
  const indexes = ['admitted', 'submitted', 'deployed', 'deployed_unregistered', 'failed', undefined];
  return {
    jobs,
    indexed: await Promise.all(indexes.map((state) => ledger.redis.zrange(ledger.keys.jobs(state), '0', '-1'))),
    attached: await Promise.all(MODELS.map((modelId) => ledger.redis.scard(ledger.keys.leases(modelId)))),
    lane: await ledger.journal.read(LANE),
    owner: (await ledger.journal.owner(LANE))?.owner,
    lanes: await ledger.journal.addresses(),
    processing: await ledger.processing(),
    inflight: (await ledger.redis.hvals(ledger.queue.inflight)).toSorted(),
    leases: await ledger.redis.zcard(ledger.queue.leases),
    stalls: await ledger.redis.hlen(ledger.queue.stalls),
    events: [...new Set(await ledger.events())].toSorted(),
    audit: await ledger.redis.xlen(ledger.queue.audit),
  };
}

describe('a script of the ledger that Redis refuses half-way', () => {
  let server: RedisServer;
  let admin: LedgerFixture;
  let ledger: LedgerFixture;
  let connections: RedisConnections;

  beforeAll(async () => {
    server = await RedisServer.start();
    admin = await LedgerFixture.open(server);
    await permit();
  });
  beforeEach(async () => {
    ledger = await LedgerFixture.open({ url: server.url.replace('://', '://deployer:secret@') });
    connections = ledger.connections;
  });
  afterEach(async () => {
    await permit();
    connections.close();
  });
  afterAll(async () => {
    admin.close();
    await server.stop();
  });

  async function permit(...rules: readonly string[]): Promise<void> {
    await admin.redis.acl('SETUSER', 'deployer', 'reset', 'on', '>secret', '~*', '+@all', ...rules);
  }

  /** Denies the command on the keys of the service only: no check that runs before the script notices. */
  async function denyHalfWay(command: string): Promise<void> {
    const name = command.toLowerCase();
    await permit(`-${name}`, `(+${name} ~*:scratch)`);
  }

  it.each(Object.entries(SCRIPTS))('completes its work when it is repeated: %s', async (_name, [script, prepare]) => {
    const undisturbed = await prepare(ledger);
    await undisturbed();
    const expected = await outcome(admin);

    const commands = await writeCommands(admin, script);
    expect(commands).not.toEqual([]);
    for (const command of commands) {
      await admin.redis.flushall();
      const run = await prepare(ledger);
      await denyHalfWay(command);
      await run().catch(() => undefined);
      await permit();
      await run();
      expect(await outcome(admin), `after ${command} was denied`).toEqual(expected);
    }
  });
});
