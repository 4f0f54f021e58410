import { Module } from '@nestjs/common';
import { AuthModule } from '../auth/auth.module.js';
import { HoldsModule } from '../holds/holds.module.js';
import { LanesController } from './lanes.controller.js';

@Module({
  imports: [AuthModule, HoldsModule],
  controllers: [LanesController],
})
export class LanesModule {}
