import { Module } from '@nestjs/common';
import { AuthModule } from '../auth/auth.module.js';
import { LanesController } from './lanes.controller.js';

@Module({
  imports: [AuthModule],
  controllers: [LanesController],
})
export class LanesModule {}
