import { Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { BootRefused } from '#core';
import { connected, type RedisConnections, RedisUnavailable, replyOf } from '#redis';
import type { Redis } from 'ioredis';
import { type QueueKeys, queueKeys } from './queue-keys.js';
import type { QueueSettings } from './queue-settings.js';

/** What Redis must say of each key, unless there is none. */
function typesOf(keys: QueueKeys): readonly (readonly [key: string, type: string])[] {
  const { main, processing, deadLetter, leases, delayed, fenced, orphans, inflight, meta, stalls, paused, audit } =
    keys;
  return [
    ...[main, processing, deadLetter].map((key) => [key, 'list'] as const),
    ...[leases, delayed, fenced, orphans].map((key) => [key, 'zset'] as const),
    ...[inflight, meta, stalls].map((key) => [key, 'hash'] as const),
    [paused, 'string'],
    [audit, 'stream'],
  ];
}

/** Refuses to run on a Redis in which the scripts of the queue can never run. */
export class QueueBootCheck implements OnApplicationBootstrap {
  private readonly logger = new Logger(QueueBootCheck.name);
  private readonly keys: QueueKeys;

  constructor(
    private readonly redis: RedisConnections,
    settings: Pick<QueueSettings, 'queueName' | 'braced'>,
  ) {
    this.keys = queueKeys(settings.queueName, settings);
  }

  /**
   * A Redis that is down is no reason to refuse: the service waits for it.
   *
   * @throws BootRefused
   */
  async onApplicationBootstrap(): Promise<void> {
    try {
      await connected(this.redis.http);
      // A cluster that lacks slots says so of every key, and would pass for a Redis that is down.
      await this.checkSlots(this.redis.http);
      await this.checkTypes(this.redis.http);
    } catch (error) {
      if (!(error instanceof RedisUnavailable)) throw error;
      this.logger.warn({ message: 'queue keys could not be checked', code: error.code });
    }
  }

  private async checkSlots(redis: Redis): Promise<void> {
    const cluster = await replyOf(redis.info('cluster'));
    if (!/^cluster_enabled:1/m.test(cluster)) return;
    const home = await replyOf(redis.cluster('KEYSLOT', this.keys.main));
    for (const key of typesOf(this.keys).map(([name]) => name)) {
      const slot = await replyOf(redis.cluster('KEYSLOT', key));
      if (slot !== home) {
        throw new BootRefused(
          `Redis Cluster keeps ${key} in slot ${slot} and ${this.keys.main} in ${home}: not the same`,
        );
      }
    }
  }

  private async checkTypes(redis: Redis): Promise<void> {
    for (const [key, expected] of typesOf(this.keys)) {
      const found = await replyOf(redis.type(key));
      if (found !== 'none' && found !== expected) {
        throw new BootRefused(`Redis key ${key} is a ${found}; the queue needs a ${expected} there`);
      }
    }
  }
}
