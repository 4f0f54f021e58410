import { Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { StartupError } from '#core';
import {
  findVersionProblem,
  readServerInfo,
  type RedisConnections,
  RedisUnavailableError,
  unwrapReply,
  waitUntilReady,
} from '#redis';
import type { Redis } from 'ioredis';
import { type HomeSettings, isOtherHome, unnamedContracts, WrongHomeError } from './home/queue-home.js';
import { type QueueKeys, queueKeys, queueKeyTypes } from './queue-keys.js';

interface CheckedQueue {
  readonly queueName: string;
  /** The event list, which the same scripts write to. */
  readonly deployedQueueName: string;
  readonly deployedFullQueueName?: string | null;
}

/** Checks that Redis can run the queue's scripts. */
export class QueueStartupCheck implements OnApplicationBootstrap {
  private readonly logger = new Logger(QueueStartupCheck.name);
  private readonly keys: QueueKeys;

  constructor(
    private readonly redis: RedisConnections,
    private readonly queue: CheckedQueue,
    private readonly settings: HomeSettings,
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
      await this.checkServer(this.redis.http);
      // An incomplete cluster fails for every key, like an unavailable Redis.
      await this.checkSlots(this.redis.http);
      await this.checkTypes(this.redis.http);
      await this.checkHome(this.redis.http);
    } catch (error) {
      if (!(error instanceof RedisUnavailableError)) throw error;
      this.logger.warn({ event: 'queue.check_failed', message: 'queue keys not checked', code: error.code });
    }
  }

  private get eventLists(): readonly string[] {
    const { deployedQueueName, deployedFullQueueName } = this.queue;
    return [deployedQueueName, ...(deployedFullQueueName ? [deployedFullQueueName] : [])];
  }

  private async checkServer(redis: Redis): Promise<void> {
    const info = await readServerInfo(redis);
    if (info !== null && info.isCluster !== this.redis.clustered) {
      throw new StartupError(
        info.isCluster
          ? 'Redis is a cluster: its nodes must stand in REDIS_CLUSTER_NODES'
          : 'Redis is no cluster, although REDIS_CLUSTER_NODES is set',
      );
    }
    const problem = await findVersionProblem(redis, this.redis.scratchKey, info?.version ?? null);
    if (problem !== null) throw new StartupError(problem);
  }

  private async checkSlots(redis: Redis): Promise<void> {
    if (!this.redis.clustered) return;
    const { main } = this.keys;
    const home = await unwrapReply(redis.cluster('KEYSLOT', main));
    for (const key of [...queueKeyTypes(this.keys).map(([name]) => name), ...this.eventLists]) {
      const slot = await unwrapReply(redis.cluster('KEYSLOT', key));
      if (slot !== home) {
        throw new StartupError(
          `Redis Cluster keeps ${key} in slot ${slot} and ${main} in ${home}: not the same. Names such as {${main}}:x share it`,
        );
      }
    }
  }

  /** A queue that is not pinned yet is pinned by its first claim. */
  private async checkHome(redis: Redis): Promise<void> {
    const { home } = this.settings;
    const pinned = await unwrapReply(redis.hgetall(this.keys.home));
    if (isOtherHome(pinned, home))
      throw new StartupError(new WrongHomeError(this.queue.queueName, pinned, home).message);
    const formerHomes = await unwrapReply(redis.smembers(this.keys.formerHomes));
    const [unnamed] = unnamedContracts(formerHomes, this.settings);
    if (unnamed === undefined) return;
    throw new StartupError(
      `the queue ${this.queue.queueName} deployed to ${unnamed} before: name it in FORMER_FACTORIES or FORMER_TOKEN_MANAGERS, or its models get a second token`,
    );
  }

  private async checkTypes(redis: Redis): Promise<void> {
    const types = [...queueKeyTypes(this.keys), ...this.eventLists.map((key) => [key, 'list'] as const)];
    for (const [key, expected] of types) {
      const found = await unwrapReply(redis.type(key));
      if (found !== 'none' && found !== expected) {
        throw new StartupError(`Redis key ${key} is a ${found}; the queue needs a ${expected} there`);
      }
    }
  }
}
