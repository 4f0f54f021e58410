import { Module } from '@nestjs/common';
import { LanesController } from './lanes.controller.js';

@Module({
  controllers: [LanesController],
})
export class LanesModule {}
