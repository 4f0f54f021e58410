import { Controller, Get, Res } from '@nestjs/common';
import type { Response } from 'express';
import { Metrics } from '#telemetry';
import { Public } from '../auth/access.decorator.js';
import { ApiOkResponse, ApiOperation } from '../openapi/swagger.decorator.js';
import { ApiProblems } from '../openapi/api-problems.decorator.js';

/** A scrape is built at most once a second, however many ask. */
const FRESH_MS = 1_000;

@Controller('metrics')
export class MetricsController {
  private built: { readonly at: number; readonly text: Promise<string> } | null = null;

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
    if (this.built === null || performance.now() - this.built.at >= FRESH_MS) {
      this.built = { at: performance.now(), text: this.metrics.registry.metrics() };
    }
    return await this.built.text;
  }
}
