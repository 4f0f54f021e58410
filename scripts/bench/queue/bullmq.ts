import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RedisServer } from '../../../test/support/redis/redis-server.js';
import { run } from '../../checks/command.js';
import type { Disposables } from '../disposables.js';
import type { QueueImplementation } from './queue-implementation.js';

const VERSION = '5.66.4';
const CONCURRENCY = 50;
const QUEUE = 'bench';
/** Jobs added at a time. */
const CHUNK = 1_000;

/** What is used of BullMQ. */
interface BullMq {
  readonly Queue: new (
    name: string,
    options: object,
  ) => {
    addBulk(jobs: readonly object[]): Promise<unknown>;
    close(): Promise<void>;
  };
  readonly Worker: new (
    name: string,
    handle: () => Promise<void>,
    options: object,
  ) => {
    on(event: 'completed', listener: () => void): unknown;
    run(): Promise<void>;
    close(): Promise<void>;
  };
}

/**
 * BullMQ, installed into a folder that goes with `closing`: as a dependency of the project, its optional native package would
 * break the lock.
 *
 * @throws Error when npm cannot install it
 */
export async function installBullMq(closing: Disposables): Promise<QueueImplementation> {
  const folder = await mkdtemp(join(tmpdir(), 'bullmq-'));
  closing.add(() => rm(folder, { recursive: true, force: true }));
  await run('npm', ['install', '--prefix', folder, `bullmq@${VERSION}`, '--no-audit', '--no-fund']);
  const library: unknown = createRequire(join(folder, 'index.js'))('bullmq');
  if (!isBullMq(library)) throw new Error(`bullmq ${VERSION} is not what it was`);
  return {
    name: `BullMQ ${VERSION}, concurrency ${CONCURRENCY}`,
    messages: 40_000,
    consume: async (server, messages) => await consume(library, server, messages),
  };
}

async function consume({ Queue, Worker }: BullMq, server: RedisServer, messages: readonly string[]): Promise<number> {
  const connection = { host: '127.0.0.1', port: server.port };
  const queue = new Queue(QUEUE, { connection, defaultJobOptions: { removeOnComplete: true } });
  for (let at = 0; at < messages.length; at += CHUNK) {
    await queue.addBulk(messages.slice(at, at + CHUNK).map((message) => ({ name: 'message', data: { message } })));
  }
  const worker = new Worker(QUEUE, async () => undefined, { connection, concurrency: CONCURRENCY, autorun: false });
  const start = performance.now();
  const completed = new Promise<void>((resolve) => {
    let left = messages.length;
    worker.on('completed', () => {
      left -= 1;
      if (left === 0) resolve();
    });
  });
  const running = worker.run();
  await completed;
  const seconds = (performance.now() - start) / 1000;
  await worker.close();
  await running;
  await queue.close();
  return seconds;
}

function isBullMq(library: unknown): library is BullMq {
  return typeof library === 'object' && library !== null && 'Queue' in library && 'Worker' in library;
}
