import type { ClaimedMessage } from '#core';
import { waitUntilReady, unwrapReply } from '#redis';
import type { Redis } from 'ioredis';
import { INTENTS } from '../chaos-settings.js';

/** The two ways out of the queue. */
export type LastSettlement = 'ack' | 'dead-letter';

/** The worker's word, in Redis, on what it is about to do: nothing may leave the queue without one. */
export class Intents {
  constructor(private readonly redis: Redis) {}

  /** @throws RedisUnavailableError when it may not have been taken down; the settlement must not be sent then */
  async declare(
    declared: readonly { readonly message: ClaimedMessage; readonly kind: LastSettlement }[],
  ): Promise<void> {
    if (declared.length === 0) return;
    await waitUntilReady(this.redis);
    await unwrapReply(this.redis.sadd(INTENTS, ...declared.map(({ message, kind }) => intentText(message, kind))));
  }
}

export function intentText({ lease, digest }: Pick<ClaimedMessage, 'lease' | 'digest'>, kind: LastSettlement): string {
  return `${lease} ${kind} ${digest}`;
}
