import { Controller, Get, Res } from '@nestjs/common';
import type { Response } from 'express';
import { ServiceState } from '#core';
import { Public } from '../auth/access.decorator.js';
import { Problem } from '../common/problem.js';
import { ComponentDto, HealthDto, IndicatedDto, LiveDto, ReadyDto } from './health.dto.js';
import { HealthReport } from './health-report.service.js';
import { Readiness } from './readiness.health.js';
import {
  ApiExtraModels,
  ApiOkResponse,
  ApiOperation,
  ApiServiceUnavailableResponse,
} from '../openapi/swagger.decorator.js';
import { ApiProblems } from '../openapi/api-problems.decorator.js';

/** A worker loop that has not turned for so long is stuck, and only a restart helps. */
const MAX_HEARTBEAT_AGE_MS = 120_000;

@ApiExtraModels(ComponentDto, IndicatedDto)
@Controller('health')
export class HealthController {
  constructor(
    private readonly state: ServiceState,
    private readonly readiness: Readiness,
    private readonly report: HealthReport,
  ) {}

  /** Asks nothing outside of the process: no outage may restart it. Stays 200 while draining. */
  @Public()
  @Get('live')
  @ApiOperation({ operationId: 'live', summary: 'Whether a restart would help; asks nothing outside' })
  @ApiProblems('worker-loop-stalled')
  @ApiOkResponse({ description: 'no', type: LiveDto })
  live(): LiveDto {
    if (this.state.msSinceHeartbeat > MAX_HEARTBEAT_AGE_MS) throw new Problem('worker-loop-stalled');
    return { status: 'alive' };
  }

  @Public()
  @Get('ready')
  @ApiOperation({ operationId: 'ready', summary: 'Whether the service works: booted, not draining, Redis answers' })
  @ApiProblems('not-ready')
  @ApiOkResponse({ description: 'it does', type: ReadyDto })
  async ready(): Promise<ReadyDto> {
    return await this.readiness.check();
  }

  /** The body of the platform's integration guide, 503 included. */
  @Public()
  @Get()
  @ApiOperation({ operationId: 'health', summary: 'How everything is' })
  @ApiProblems()
  @ApiOkResponse({ description: 'healthy', type: HealthDto })
  @ApiServiceUnavailableResponse({ description: 'unhealthy', type: HealthDto })
  async health(@Res({ passthrough: true }) response: Response): Promise<HealthDto> {
    const body = await this.report.write();
    response.status(body.status === 'healthy' ? 200 : 503);
    return body;
  }
}
