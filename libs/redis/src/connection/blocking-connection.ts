import type { Redis } from 'ioredis';
import { waitUntilReady } from './wait-until-ready.js';
import { RedisUnavailableError, unwrapReply } from '../redis.errors.js';

/** Time that a reply may take on its way after the server's own time-out. */
const GRACE_MS = 1_000;

/** A connection that carries one blocking command at a time, each under a deadline of its own. */
export class BlockingConnection {
  constructor(readonly redis: Redis) {}

  /**
   * Sends a blocking command whose last argument is its time-out in seconds. A half-open socket would keep it pending for
   * minutes: after `blockMs` and a second of grace the socket is destroyed, and ioredis connects anew by itself.
   *
   * @throws RedisUnavailableError also when the deadline passed
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

  // A peer that accepts the connection and then is silent: no time-out of ioredis ends that on this connection.
  private async ready(): Promise<void> {
    try {
      await waitUntilReady(this.redis);
    } catch (error) {
      this.drop();
      throw error;
    }
  }

  // Not disconnect(): without its argument it would also end the reconnecting, and the consumer with it.
  private drop(): void {
    if (this.redis.status === 'ready' || this.redis.status === 'connect') this.redis.stream.destroy();
  }
}
