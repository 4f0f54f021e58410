import { Module } from '@nestjs/common';
import { AuthModule } from '../auth/auth.module.js';
import { PauseController } from './pause.controller.js';
import { QueuesController } from './queues.controller.js';

@Module({
  imports: [AuthModule],
  controllers: [QueuesController, PauseController],
})
export class QueuesModule {}
