import { Controller, Get, Res } from '@nestjs/common';
import type { Response } from 'express';
import { Metrics } from '#telemetry';
import { Open } from '../auth/access.js';

@Controller('metrics')
export class MetricsController {
  constructor(private readonly metrics: Metrics) {}

  @Open()
  @Get()
  async scrape(@Res({ passthrough: true }) response: Response): Promise<string> {
    response.set('Content-Type', this.metrics.registry.contentType);
    return await this.metrics.registry.metrics();
  }
}
