import { Module, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { QueueConfig, RedisConfig } from '#config';
import type { ProbeResult } from '#core';
import { Metrics } from '#telemetry';
import { RedisConnections } from './connection/redis-connections.js';
import { RedisHealthProbe } from './redis.health.js';
import { onScriptTiming } from './scripts/script-timing.js';

/** Provides the Redis connections, and their probe, which alone sets `redis_up`; closes them after their users on shutdown. */
@Module({
  providers: [
    { provide: RedisConnections, inject: [RedisConfig, QueueConfig, Metrics], useFactory: openConnections },
    { provide: RedisHealthProbe, inject: [RedisConnections, Metrics], useFactory: makeProbe },
  ],
  exports: [RedisConnections, RedisHealthProbe],
})
export class RedisModule implements OnApplicationBootstrap, OnApplicationShutdown {
  constructor(
    private readonly connections: RedisConnections,
    private readonly probe: RedisHealthProbe,
  ) {}

  onApplicationBootstrap(): void {
    this.probe.start();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.probe.stop();
    this.connections.close();
  }
}

function openConnections(config: RedisConfig, { queueName }: QueueConfig, metrics: Metrics): RedisConnections {
  onScriptTiming(({ command, seconds }) => metrics.redisCommandDurationSeconds.observe({ command }, seconds));
  return RedisConnections.open(config, (connection) => metrics.redisReconnectsTotal.inc({ connection }), queueName);
}

function makeProbe(connections: RedisConnections, metrics: Metrics): RedisHealthProbe {
  return new RedisHealthProbe(connections, (result: ProbeResult) =>
    metrics.redisUp.set(result.status === 'down' ? 0 : 1),
  );
}
