import { Module } from '@nestjs/common';
import { AuthModule } from '../auth/auth.module.js';
import { DeadLettersModule } from '../dead-letters/dead-letters.module.js';
import { AuditController } from './audit.controller.js';

@Module({
  imports: [AuthModule, DeadLettersModule],
  controllers: [AuditController],
})
export class AuditTrailModule {}
