import { type FactoryProvider, Module } from '@nestjs/common';
import { QueueConfig } from '#config';
import { AuditTrail, DeadLetters, HoldExchange, IdempotencyKeys, MessageQueue, ReplayRuns } from '#core';
import { RedisConnections, RedisModule } from '#redis';
import { QueueStartupCheck } from './queue-startup-check.js';
import type { QueueSettings } from './queue-settings.js';
import { RedisAuditTrail } from './audit-trail/redis-audit-trail.adapter.js';
import { RedisHoldExchange } from './holds/redis-hold-exchange.adapter.js';
import { RedisDeadLetters } from './dead-letters/redis-dead-letters.adapter.js';
import { RedisIdempotencyKeys } from './idempotency/redis-idempotency-keys.adapter.js';
import { RedisMessageQueue } from './consumer/redis-message-queue.adapter.js';
import { RedisReplayRuns } from './replays/redis-replay-runs.adapter.js';
import { WORKER_NAME } from './consumer/worker-name.js';

/** Provides the ports of queue, dead letters, replays, audit trail and idempotency keys. */
@Module({
  imports: [RedisModule],
  providers: [
    {
      provide: MessageQueue,
      inject: [RedisConnections, QueueConfig],
      useFactory: (redis: RedisConnections, config: QueueConfig) =>
        new RedisMessageQueue(redis, settingsOf(config, redis), WORKER_NAME),
    },
    overRedis(DeadLetters, RedisDeadLetters),
    overRedis(ReplayRuns, RedisReplayRuns),
    overRedis(AuditTrail, RedisAuditTrail),
    overRedis(IdempotencyKeys, RedisIdempotencyKeys),
    overRedis(HoldExchange, RedisHoldExchange),
    {
      provide: QueueStartupCheck,
      inject: [RedisConnections, QueueConfig],
      useFactory: (redis: RedisConnections, config: QueueConfig) => new QueueStartupCheck(redis, config),
    },
  ],
  exports: [MessageQueue, DeadLetters, ReplayRuns, AuditTrail, IdempotencyKeys, HoldExchange],
})
export class QueueModule {}

function overRedis<T>(
  port: abstract new () => T,
  Adapter: new (connections: RedisConnections, settings: QueueSettings) => T,
): FactoryProvider<T> {
  return {
    provide: port,
    inject: [RedisConnections, QueueConfig],
    useFactory: (redis: RedisConnections, config: QueueConfig) => new Adapter(redis, settingsOf(config, redis)),
  };
}

function settingsOf(config: QueueConfig, { clustered }: RedisConnections): QueueSettings {
  const { queueName, processingTimeoutMs, leaseDurationMs } = config;
  return { queueName, processingTimeoutMs, leaseDurationMs, braced: clustered };
}
