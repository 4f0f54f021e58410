import { Controller, Get, Res } from '@nestjs/common';
import type { Response } from 'express';
import { Metrics } from '#telemetry';
import { Public } from '../auth/access.decorator.js';
import { ApiOkResponse, ApiOperation } from '../openapi/swagger.decorator.js';
import { ApiProblems } from '../openapi/api-problems.decorator.js';

@Controller('metrics')
export class MetricsController {
  constructor(private readonly metrics: Metrics) {}

  @Public()
  @Get()
  @ApiOperation({ operationId: 'metrics', summary: 'The metrics, for Prometheus' })
  @ApiProblems('internal-error')
  @ApiOkResponse({
    description: 'text exposition format 0.0.4',
    content: { 'text/plain': { schema: { type: 'string' } } },
  })
  async scrape(@Res({ passthrough: true }) response: Response): Promise<string> {
    response.set('Content-Type', this.metrics.registry.contentType);
    return await this.metrics.registry.metrics();
  }
}
