import { Controller, Get, Res } from '@nestjs/common';
import type { Response } from 'express';
import { ServiceState } from '#core';
import { Public } from '../auth/access.decorator.js';
import { Problem } from '../common/problem.js';
import { ComponentDto, HealthDto, IndicatedDto, LiveDto, ReadyDto } from './health.dto.js';
import { HealthReport } from './health-report.service.js';
import { ReadinessService } from './readiness.service.js';
import {
  ApiExtraModels,
  ApiOkResponse,
  ApiOperation,
  ApiServiceUnavailableResponse,
} from '../openapi/swagger.decorator.js';
import { ApiProblems } from '../openapi/api-problems.decorator.js';

/** Maximum age of the worker loop's heartbeat. An older loop is stuck until a restart. */
const MAX_HEARTBEAT_AGE_MS = 120_000;

@ApiExtraModels(ComponentDto, IndicatedDto)
@Controller('health')
export class HealthController {
  constructor(
    private readonly state: ServiceState,
    private readonly readiness: ReadinessService,
    private readonly report: HealthReport,
  ) {}

  /** Asks no dependency, so no outage restarts the process. Stays 200 while draining. */
  @Public()
  @Get('live')
  @ApiOperation({ operationId: 'live', summary: 'Liveness: 503 when only a restart helps' })
  @ApiProblems('worker-loop-stalled')
  @ApiOkResponse({ description: 'alive', type: LiveDto })
  live(): LiveDto {
    if (this.state.msSinceHeartbeat > MAX_HEARTBEAT_AGE_MS) throw new Problem('worker-loop-stalled');
    return { status: 'alive' };
  }

  @Public()
  @Get('ready')
  @ApiOperation({ operationId: 'ready', summary: 'Readiness: booted, not draining, Redis answers' })
  @ApiProblems('not-ready')
  @ApiOkResponse({ description: 'ready', type: ReadyDto })
  async ready(): Promise<ReadyDto> {
    return await this.readiness.check();
  }

  /** Body and 503 as in the platform's integration guide. */
  @Public()
  @Get()
  @ApiOperation({ operationId: 'health', summary: 'Health, with queue depths, components and holds' })
  @ApiProblems()
  @ApiOkResponse({ description: 'healthy or degraded', type: HealthDto })
  @ApiServiceUnavailableResponse({ description: 'unhealthy', type: HealthDto })
  async health(@Res({ passthrough: true }) response: Response): Promise<HealthDto> {
    const body = await this.report.write();
    response.status(body.status === 'unhealthy' ? 503 : 200);
    return body;
  }
}
