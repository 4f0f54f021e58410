import { Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { StartupError } from '#core';
import { waitUntilReady, type RedisConnections, RedisUnavailableError, unwrapReply } from '#redis';
import type { Redis } from 'ioredis';
import { type QueueKeys, queueKeys } from './queue-keys.js';

interface CheckedQueue {
  readonly queueName: string;
  /** The event list, which the same scripts write to. */
  readonly deployedQueueName: string;
  readonly deployedFullQueueName?: string | null;
}

/** Expected type of each existing key. */
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

/** Checks that Redis can run the queue's scripts. */
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
   * Passes when Redis is unavailable: the service waits for it.
   *
   * @throws StartupError
   */
  async onApplicationBootstrap(): Promise<void> {
    try {
      await waitUntilReady(this.redis.http);
      // An incomplete cluster fails for every key, like an unavailable Redis.
      await this.checkSlots(this.redis.http);
      await this.checkTypes(this.redis.http);
    } catch (error) {
      if (!(error instanceof RedisUnavailableError)) throw error;
      this.logger.warn({ event: 'queue.check_failed', message: 'queue keys not checked', code: error.code });
    }
  }

  private get eventLists(): readonly string[] {
    const { deployedQueueName, deployedFullQueueName } = this.queue;
    return [deployedQueueName, ...(deployedFullQueueName ? [deployedFullQueueName] : [])];
  }

  private async checkSlots(redis: Redis): Promise<void> {
    const isCluster = /^cluster_enabled:1/m.test(await unwrapReply(redis.info('cluster')));
    if (isCluster !== this.redis.clustered) {
      throw new StartupError(
        isCluster
          ? 'Redis is a cluster: its nodes must stand in REDIS_CLUSTER_NODES'
          : 'Redis is no cluster, although REDIS_CLUSTER_NODES is set',
      );
    }
    if (!isCluster) return;
    const { main } = this.keys;
    const home = await unwrapReply(redis.cluster('KEYSLOT', main));
    for (const key of [...typesOf(this.keys).map(([name]) => name), ...this.eventLists]) {
      const slot = await unwrapReply(redis.cluster('KEYSLOT', key));
      if (slot !== home) {
        throw new StartupError(
          `Redis Cluster keeps ${key} in slot ${slot} and ${main} in ${home}: not the same. Names such as {${main}}:x share it`,
        );
      }
    }
  }

  private async checkTypes(redis: Redis): Promise<void> {
    const types = [...typesOf(this.keys), ...this.eventLists.map((key) => [key, 'list'] as const)];
    for (const [key, expected] of types) {
      const found = await unwrapReply(redis.type(key));
      if (found !== 'none' && found !== expected) {
        throw new StartupError(`Redis key ${key} is a ${found}; the queue needs a ${expected} there`);
      }
    }
  }
}
