import type { Redis } from 'ioredis';
import { waitUntilReady } from './wait-until-ready.js';
import { RedisUnavailableError, unwrapReply } from '../redis.errors.js';

/** Grace period after the server's timeout, in milliseconds. */
const GRACE_MS = 1_000;

/** A connection for one blocking command at a time, each with its own deadline. */
export class BlockingConnection {
  constructor(readonly redis: Redis) {}

  /**
   * Sends a blocking command whose last argument is its timeout in seconds. Destroys the socket one second after
   * `blockMs`, because a half-open socket stays pending for minutes. ioredis then reconnects.
   *
   * @throws RedisUnavailableError, also after the deadline
   */
  async block(command: string, args: readonly string[], blockMs: number): Promise<unknown> {
    await this.ready();
    const reply = this.redis.callBuffer(command, ...args, (blockMs / 1000).toFixed(3));
    let deadline: NodeJS.Timeout | undefined;
    const silence = new Promise<never>((_resolve, reject) => {
      deadline = setTimeout(() => {
        reject(new RedisUnavailableError('CONNECTION', `no reply to ${command} in time`));
        this.drop();
      }, blockMs + GRACE_MS);
    });
    try {
      return await unwrapReply(Promise.race([reply, silence]));
    } finally {
      clearTimeout(deadline);
    }
  }

  // ioredis has no timeout for a peer that accepts the connection and stays silent.
  private async ready(): Promise<void> {
    try {
      await waitUntilReady(this.redis);
    } catch (error) {
      this.drop();
      throw error;
    }
  }

  // disconnect() without its argument would also stop reconnecting.
  private drop(): void {
    if (this.redis.status === 'ready' || this.redis.status === 'connect') this.redis.stream.destroy();
  }
}
