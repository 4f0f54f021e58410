import { Module } from '@nestjs/common';
import { QueueConfig } from '#config';
import { DeadLetters, MessageQueue } from '#core';
import { RedisConnections, RedisModule } from '#redis';
import { QueueBootCheck } from './queue-boot-check.js';
import { RedisDeadLetters } from './redis-dead-letters.js';
import { RedisMessageQueue } from './redis-message-queue.js';
import { WORKER_NAME } from './worker-name.js';

/** The queue and its dead letters, under the names of their ports. */
@Module({
  imports: [RedisModule],
  providers: [
    {
      provide: MessageQueue,
      inject: [RedisConnections, QueueConfig],
      useFactory: (redis: RedisConnections, config: QueueConfig) =>
        new RedisMessageQueue(redis, { ...config, braced: redis.clustered }, WORKER_NAME),
    },
    {
      provide: DeadLetters,
      inject: [RedisConnections, QueueConfig],
      useFactory: (redis: RedisConnections, config: QueueConfig) =>
        new RedisDeadLetters(redis, { ...config, braced: redis.clustered }),
    },
    {
      provide: QueueBootCheck,
      inject: [RedisConnections, QueueConfig],
      useFactory: (redis: RedisConnections, config: QueueConfig) => new QueueBootCheck(redis, config),
    },
  ],
  exports: [MessageQueue, DeadLetters],
})
export class QueueModule {}
