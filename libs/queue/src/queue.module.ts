import { type DynamicModule, type FactoryProvider, Module, type ModuleMetadata } from '@nestjs/common';
import { QueueConfig } from '#config';
import { AuditTrail, DeadLetters, HoldExchange, IdempotencyKeys, MessageQueue, ReplayRuns } from '#core';
import { RedisConnections, RedisModule } from '#redis';
import type { HomeSettings, QueueHome } from './home/queue-home.js';
import { QueueStartupCheck } from './queue-startup-check.js';
import type { QueueSettings } from './queue-settings.js';
import { RedisAuditTrail } from './audit-trail/redis-audit-trail.adapter.js';
import { RedisHoldExchange } from './holds/redis-hold-exchange.adapter.js';
import { RedisDeadLetters } from './dead-letters/redis-dead-letters.adapter.js';
import { RedisIdempotencyKeys } from './idempotency/redis-idempotency-keys.adapter.js';
import { RedisMessageQueue } from './consumer/redis-message-queue.adapter.js';
import { RedisReplayRuns } from './replays/redis-replay-runs.adapter.js';
import { WORKER_NAME } from './consumer/worker-name.js';

/** Factory of the home. `imports` holds the non-global modules that `inject` needs. */
export type QueueModuleOptions = Pick<ModuleMetadata, 'imports'> &
  Pick<FactoryProvider<HomeSettings>, 'inject' | 'useFactory'>;

const HOME = Symbol('HomeSettings');

/** Provides the ports of queue, dead letters, replays, audit trail and idempotency keys. */
@Module({})
export class QueueModule {
  static forRootAsync({ imports = [], inject = [], useFactory }: QueueModuleOptions): DynamicModule {
    return {
      module: QueueModule,
      imports: [RedisModule, ...imports],
      providers: [
        { provide: HOME, inject, useFactory },
        {
          provide: MessageQueue,
          inject: [RedisConnections, QueueConfig, HOME],
          useFactory: (redis: RedisConnections, config: QueueConfig, { home }: HomeSettings) =>
            new RedisMessageQueue(redis, settingsOf(config, redis, home), WORKER_NAME),
        },
        overRedis(DeadLetters, RedisDeadLetters),
        overRedis(ReplayRuns, RedisReplayRuns),
        overRedis(AuditTrail, RedisAuditTrail),
        overRedis(IdempotencyKeys, RedisIdempotencyKeys),
        overRedis(HoldExchange, RedisHoldExchange),
        {
          provide: QueueStartupCheck,
          inject: [RedisConnections, QueueConfig, HOME],
          useFactory: (redis: RedisConnections, config: QueueConfig, home: HomeSettings) =>
            new QueueStartupCheck(redis, config, home),
        },
      ],
      exports: [MessageQueue, DeadLetters, ReplayRuns, AuditTrail, IdempotencyKeys, HoldExchange],
    };
  }
}

function overRedis<T>(
  port: abstract new () => T,
  Adapter: new (connections: RedisConnections, settings: QueueSettings) => T,
): FactoryProvider<T> {
  return {
    provide: port,
    inject: [RedisConnections, QueueConfig, HOME],
    useFactory: (redis: RedisConnections, config: QueueConfig, { home }: HomeSettings) =>
      new Adapter(redis, settingsOf(config, redis, home)),
  };
}

function settingsOf(config: QueueConfig, { clustered }: RedisConnections, home: QueueHome): QueueSettings {
  const { queueName, processingTimeoutMs, leaseDurationMs } = config;
  return { queueName, processingTimeoutMs, leaseDurationMs, home, braced: clustered };
}
