import { Injectable } from '@nestjs/common';
import { OpsSettings } from '../ops-settings.js';
import type { HealthBody } from './health-body.js';
import { QueueStatsReader } from './queue-stats.js';
import { Situation } from './situation.js';

/** The integration guide's health body, and beside it how the components are and what holds work back. */
@Injectable()
export class HealthReport {
  constructor(
    private readonly situation: Situation,
    private readonly queueStats: QueueStatsReader,
    private readonly settings: OpsSettings,
  ) {}

  async write(): Promise<HealthBody> {
    const [queue_stats, situation] = await Promise.all([this.queueStats.read(), this.situation.describe()]);
    const { requiredDown, ...described } = situation;
    return {
      status: queue_stats === null || requiredDown ? 'unhealthy' : 'healthy',
      queue_stats,
      service: this.settings.serviceName,
      version: this.settings.version,
      ...described,
    };
  }
}
