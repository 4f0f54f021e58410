import { useFastKeccak } from '#contracts';
import { parseMessage } from '#messages';
import { queueHome, RedisMessageQueue } from '#queue';
import { RedisConnections } from '#redis';
import { Redis } from 'ioredis';
import type { RedisServer } from '../../../test/support/redis/redis-server.js';
import { push } from '../producer.js';
import type { QueueImplementation } from './queue-implementation.js';

const QUEUE = 'bench:queue';
const CLAIM = 250;
/** Claims under way at a time: while Redis works on one, the batch of another is settled. */
const CONCURRENCY = 3;
const RULES = { maxMessageBytes: 262_144, minImprovementPercentage: 0 };

/** This project's queue: claim up to 250, look at each, acknowledge all. */
class ServiceQueue implements QueueImplementation {
  readonly messages = 200_000;

  constructor(
    readonly name: string,
    private readonly handle: (bytes: Uint8Array) => unknown,
  ) {}

  async consume(server: RedisServer, messages: readonly string[]): Promise<number> {
    await fill(server, messages);
    // As the service does: the checksums of addresses are Keccak.
    await useFastKeccak();
    const connections = RedisConnections.open({ url: server.url, connectTimeoutMs: 2_000, commandTimeoutMs: 10_000 });
    const home = queueHome({ chainId: 31337, contract: '0x5FbDB2315678afecb367f032d93F642f64180aa3' });
    const settings = { queueName: QUEUE, processingTimeoutMs: 300_000, leaseDurationMs: 30_000, home };
    const queue = new RedisMessageQueue(connections, settings, 'bench');
    try {
      const start = performance.now();
      const counts = await Promise.all(Array.from({ length: CONCURRENCY }, () => this.drain(queue)));
      const seconds = (performance.now() - start) / 1000;
      const settled = counts.reduce((sum, count) => sum + count, 0);
      if (settled !== messages.length) throw new Error(`${settled} of ${messages.length} messages were settled`);
      return seconds;
    } finally {
      connections.close();
    }
  }

  /** Returns how many messages it settled. */
  private async drain(queue: RedisMessageQueue): Promise<number> {
    let settled = 0;
    for (;;) {
      const claimed = await queue.claim(CLAIM);
      if (claimed.length === 0) return settled;
      for (const { bytes } of claimed) this.handle(bytes);
      const results = await queue.settle(claimed.map(({ lease }) => ({ lease, settlement: { kind: 'ack' } })));
      settled += results.filter((result) => result === 'settled').length;
    }
  }
}

export const withoutWork = new ServiceQueue('this queue, no work', () => undefined);
export const withParsing = new ServiceQueue('this queue, each message validated', (bytes) =>
  parseMessage(bytes, RULES),
);

async function fill(server: RedisServer, messages: readonly string[]): Promise<void> {
  const redis = new Redis(server.url);
  await push(redis, messages, QUEUE);
  redis.disconnect();
}
