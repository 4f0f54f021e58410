import { Controller, Get, Res } from '@nestjs/common';
import type { Response } from 'express';
import { ServiceState } from '#core';
import { Public } from '../auth/access.decorator.js';
import { Problem } from '../common/problem.js';
import { described } from '../openapi/described.decorator.js';
import { Answers, Operation } from '../openapi/operation.decorator.js';
import { ComponentDto, HealthDto, IndicatedDto, LiveDto, ReadyDto } from './health.dto.js';
import { HealthReport } from './health-report.service.js';
import { Readiness } from './readiness.health.js';

/** A worker loop that has not turned for so long is stuck, and only a restart helps. */
const MAX_HEARTBEAT_AGE_MS = 120_000;

@described(({ ApiExtraModels }) => ApiExtraModels(ComponentDto, IndicatedDto))
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
  @Operation('live', 'Whether a restart would help; asks nothing outside', ['worker-loop-stalled'])
  @Answers(200, 'no', LiveDto)
  live(): LiveDto {
    if (this.state.msSinceHeartbeat > MAX_HEARTBEAT_AGE_MS) throw new Problem('worker-loop-stalled');
    return { status: 'alive' };
  }

  @Public()
  @Get('ready')
  @Operation('ready', 'Whether the service works: booted, not draining, Redis answers', ['not-ready'])
  @Answers(200, 'it does', ReadyDto)
  async ready(): Promise<ReadyDto> {
    return await this.readiness.check();
  }

  /** The body of the platform's integration guide, 503 included. */
  @Public()
  @Get()
  @Operation('health', 'How everything is', [])
  @Answers(200, 'healthy', HealthDto)
  @Answers(503, 'unhealthy', HealthDto)
  async health(@Res({ passthrough: true }) response: Response): Promise<HealthDto> {
    const body = await this.report.write();
    response.status(body.status === 'healthy' ? 200 : 503);
    return body;
  }
}
