import { Redis } from 'ioredis';
import type { RedisServer } from '../../../test/support/redis/redis-server.js';
import { push } from '../producer.js';
import type { QueueImplementation } from './queue-implementation.js';

const MAIN = 'bench:queue';
const PROCESSING = 'bench:queue:processing';

/** The consumer of the platform's integration guide: one message at a time, BRPOPLPUSH and LREM. */
export const serialLoop: QueueImplementation = {
  name: 'serial BRPOPLPUSH and LREM',
  messages: 10_000,
  async consume(server: RedisServer, messages: readonly string[]): Promise<number> {
    const redis = new Redis(server.url);
    await push(redis, messages, MAIN);
    const start = performance.now();
    for (let taken = 0; taken < messages.length; taken += 1) {
      const message = await redis.brpoplpush(MAIN, PROCESSING, 1);
      if (message !== null) await redis.lrem(PROCESSING, 1, message);
    }
    const seconds = (performance.now() - start) / 1000;
    redis.disconnect();
    return seconds;
  },
};
