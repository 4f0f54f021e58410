import { Module } from '@nestjs/common';
import { AuthModule } from '../auth/auth.module.js';
import { ReplayEligibilityService } from './replay-eligibility.service.js';
import { ReplayExecutor } from './replay-executor.js';
import { ReplayOutcomes } from './replay-outcomes.service.js';
import { ReplayPreview } from './replay-preview.service.js';
import { ReplayService } from './replay.service.js';
import { ReplayWorker } from './replay.worker.js';
import { ReplaysController } from './replays.controller.js';

@Module({
  imports: [AuthModule],
  controllers: [ReplaysController],
  providers: [ReplayEligibilityService, ReplayExecutor, ReplayOutcomes, ReplayPreview, ReplayService, ReplayWorker],
  exports: [ReplayEligibilityService],
})
export class ReplaysModule {}
