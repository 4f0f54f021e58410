import { Module } from '@nestjs/common';
import { AuthModule } from '../auth/auth.module.js';
import { PolicyController } from './policy.controller.js';

@Module({
  imports: [AuthModule],
  controllers: [PolicyController],
})
export class PolicyModule {}
