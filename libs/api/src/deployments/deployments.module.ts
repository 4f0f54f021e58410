import { Module } from '@nestjs/common';
import { HoldsModule } from '../holds/holds.module.js';
import { DeploymentsController } from './deployments.controller.js';

@Module({
  imports: [HoldsModule],
  controllers: [DeploymentsController],
})
export class DeploymentsModule {}
