import { Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { StartupError } from '#core';
import { waitUntilReady, type RedisConnections, RedisUnavailable, replyOf } from '#redis';
import type { Redis } from 'ioredis';
import { type QueueKeys, queueKeys } from './queue-keys.js';

interface CheckedQueue {
  readonly queueName: string;
  /** The other list that the service writes to, in the same scripts. */
  readonly deployedQueueName: string;
}

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
export class QueueStartupCheck implements OnApplicationBootstrap {
  private readonly logger = new Logger(QueueStartupCheck.name);
  private readonly keys: QueueKeys;

  constructor(
    private readonly redis: RedisConnections,
    private readonly queue: CheckedQueue,
  ) {
    this.keys = queueKeys(queue.queueName, { braced: redis.clustered });
  }

  /**
   * A Redis that is down is no reason to refuse: the service waits for it.
   *
   * @throws StartupError
   */
  async onApplicationBootstrap(): Promise<void> {
    try {
      await waitUntilReady(this.redis.http);
      // A cluster that lacks slots says so of every key, and would pass for a Redis that is down.
      await this.checkSlots(this.redis.http);
      await this.checkTypes(this.redis.http);
    } catch (error) {
      if (!(error instanceof RedisUnavailable)) throw error;
      this.logger.warn({ event: 'queue.check_failed', message: 'queue keys not checked', code: error.code });
    }
  }

  private async checkSlots(redis: Redis): Promise<void> {
    const isCluster = /^cluster_enabled:1/m.test(await replyOf(redis.info('cluster')));
    if (isCluster !== this.redis.clustered) {
      throw new StartupError(
        isCluster
          ? 'Redis is a cluster: its nodes must stand in REDIS_CLUSTER_NODES'
          : 'Redis is no cluster, although REDIS_CLUSTER_NODES is set',
      );
    }
    if (!isCluster) return;
    const { main } = this.keys;
    const home = await replyOf(redis.cluster('KEYSLOT', main));
    for (const key of [...typesOf(this.keys).map(([name]) => name), this.queue.deployedQueueName]) {
      const slot = await replyOf(redis.cluster('KEYSLOT', key));
      if (slot !== home) {
        throw new StartupError(
          `Redis Cluster keeps ${key} in slot ${slot} and ${main} in ${home}: not the same. Names such as {${main}}:x share it`,
        );
      }
    }
  }

  private async checkTypes(redis: Redis): Promise<void> {
    const types = [...typesOf(this.keys), [this.queue.deployedQueueName, 'list'] as const];
    for (const [key, expected] of types) {
      const found = await replyOf(redis.type(key));
      if (found !== 'none' && found !== expected) {
        throw new StartupError(`Redis key ${key} is a ${found}; the queue needs a ${expected} there`);
      }
    }
  }
}
