import { Injectable } from '@nestjs/common';
import { ApiSettings } from '../api-settings.js';
import type { HealthDto } from './health.dto.js';
import { QueueStatsReader } from './queue-stats.service.js';
import { HealthSnapshotService } from './health-snapshot.service.js';

/** The integration guide's health body, and beside it how the components are and what holds work back. */
@Injectable()
export class HealthReport {
  constructor(
    private readonly situation: HealthSnapshotService,
    private readonly queueStats: QueueStatsReader,
    private readonly settings: ApiSettings,
  ) {}

  async write(): Promise<HealthDto> {
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
