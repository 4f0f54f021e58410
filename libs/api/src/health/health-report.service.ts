import { Injectable } from '@nestjs/common';
import { ApiSettings } from '../api-settings.js';
import type { HealthDto } from './health.dto.js';
import { HoldsService } from '../holds/holds.service.js';
import { QueueStatsReader } from './queue-stats.service.js';
import { HealthSnapshotService } from './health-snapshot.service.js';

/**
 * Builds the integration guide's health body and adds phase, components and holds. `degraded`: the service works, but a
 * hold is set or a component, such as an excluded RPC endpoint, needs an operator.
 */
@Injectable()
export class HealthReport {
  constructor(
    private readonly snapshot: HealthSnapshotService,
    private readonly queueStats: QueueStatsReader,
    private readonly holds: HoldsService,
    private readonly settings: ApiSettings,
  ) {}

  async write(): Promise<HealthDto> {
    const [queue_stats, snapshot] = await Promise.all([this.queueStats.read(), this.snapshot.describe()]);
    const { requiredDown, ...described } = snapshot;
    const holds = await this.holds.describe(queue_stats);
    const degraded = holds.length > 0 || Object.values(described.components).some(({ status }) => status !== 'up');
    return {
      status: queue_stats === null || requiredDown ? 'unhealthy' : degraded ? 'degraded' : 'healthy',
      queue_stats,
      service: this.settings.serviceName,
      version: this.settings.version,
      ...described,
      holds,
    };
  }
}
