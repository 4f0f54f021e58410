import { Controller, Get, Res } from '@nestjs/common';
import type { Response } from 'express';
import { Metrics } from '#telemetry';
import { Public } from '../auth/access.decorator.js';
import { AnswersFile, Operation } from '../openapi/operation.decorator.js';

@Controller('metrics')
export class MetricsController {
  constructor(private readonly metrics: Metrics) {}

  @Public()
  @Get()
  @Operation('metrics', 'The metrics, for Prometheus', ['internal-error'])
  @AnswersFile('text/plain', 'string', 'text exposition format 0.0.4')
  async scrape(@Res({ passthrough: true }) response: Response): Promise<string> {
    response.set('Content-Type', this.metrics.registry.contentType);
    return await this.metrics.registry.metrics();
  }
}
