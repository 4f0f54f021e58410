import { Module } from '@nestjs/common';
import { AuthModule } from '../auth/auth.module.js';
import { ReplaysModule } from '../replays/replays.module.js';
import { DeadLetterOperationsController } from './dead-letter-operations.controller.js';
import { DeadLetterOperations } from './dead-letter-operations.service.js';
import { DeadLettersController } from './dead-letters.controller.js';
import { ModelStatusService } from './model-status.service.js';

@Module({
  imports: [AuthModule, ReplaysModule],
  controllers: [DeadLettersController, DeadLetterOperationsController],
  providers: [DeadLetterOperations, ModelStatusService],
  exports: [DeadLetterOperations],
})
export class DeadLettersModule {}
