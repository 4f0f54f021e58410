import type { RedisServer } from '../../../test/support/redis/redis-server.js';

/** A way to take messages from Redis so that none is lost when the consumer dies. */
export interface QueueImplementation {
  readonly name: string;
  /** Enough for seconds of work. */
  readonly messages: number;
  /** Fills a fresh Redis, empties it again, and returns the seconds that the emptying took. */
  consume(server: RedisServer, messages: readonly string[]): Promise<number>;
}
