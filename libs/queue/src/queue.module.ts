import { type FactoryProvider, Module } from '@nestjs/common';
import { QueueConfig } from '#config';
import { AuditTrail, DeadLetters, IdempotencyKeys, MessageQueue, ReplayRuns } from '#core';
import { RedisConnections, RedisModule } from '#redis';
import { QueueBootCheck } from './queue-boot-check.js';
import type { QueueSettings } from './queue-settings.js';
import { RedisAuditTrail } from './redis-audit-trail.js';
import { RedisDeadLetters } from './redis-dead-letters.js';
import { RedisIdempotencyKeys } from './redis-idempotency-keys.js';
import { RedisMessageQueue } from './redis-message-queue.js';
import { RedisReplayRuns } from './redis-replay-runs.js';
import { WORKER_NAME } from './worker-name.js';

/** The queue, its dead letters and what operators do with them, under the names of their ports. */
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
    {
      provide: QueueBootCheck,
      inject: [RedisConnections, QueueConfig],
      useFactory: (redis: RedisConnections, config: QueueConfig) => new QueueBootCheck(redis, config),
    },
  ],
  exports: [MessageQueue, DeadLetters, ReplayRuns, AuditTrail, IdempotencyKeys],
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
