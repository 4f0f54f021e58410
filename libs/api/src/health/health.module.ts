import { Module } from '@nestjs/common';
import { TerminusModule } from '@nestjs/terminus';
import { DependencyHealth } from './dependency.health.js';
import { HealthController } from './health.controller.js';
import { HealthReport } from './health-report.service.js';
import { HealthSnapshotService } from './health-snapshot.service.js';
import { HoldsModule } from '../holds/holds.module.js';
import { QueueStatsReader } from './queue-stats.service.js';
import { ReadinessService } from './readiness.service.js';
import { ServiceHealth } from './service.health.js';

@Module({
  imports: [TerminusModule.forRoot({ logger: false }), HoldsModule],
  controllers: [HealthController],
  providers: [DependencyHealth, HealthReport, HealthSnapshotService, QueueStatsReader, ReadinessService, ServiceHealth],
})
export class HealthModule {}
