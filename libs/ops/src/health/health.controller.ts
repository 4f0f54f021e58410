import { Controller, Get, Res } from '@nestjs/common';
import type { Response } from 'express';
import { ServiceState } from '#core';
import { Open } from '../auth/access.js';
import { Problem } from '../http/problem.js';
import { described } from '../openapi/described.js';
import { Answers, Operation } from '../openapi/operation.js';
import { ComponentBody, HealthBody, IndicatedBody, LiveBody, ReadyBody } from './health-body.js';
import { HealthReport } from './health-report.js';
import { Readiness } from './readiness.js';

/** A worker loop that has not turned for so long is stuck, and only a restart helps. */
const LONGEST_TURN_MS = 120_000;

@described(({ ApiExtraModels }) => ApiExtraModels(ComponentBody, IndicatedBody))
@Controller('health')
export class HealthController {
  constructor(
    private readonly state: ServiceState,
    private readonly readiness: Readiness,
    private readonly report: HealthReport,
  ) {}

  /** Asks nothing outside of the process: no outage may restart it. Stays 200 while draining. */
  @Open()
  @Get('live')
  @Operation('live', 'Whether a restart would help; asks nothing outside', ['worker-loop-stalled'])
  @Answers(200, 'no', LiveBody)
  live(): LiveBody {
    if (this.state.sinceLastTurnMs > LONGEST_TURN_MS) throw new Problem('worker-loop-stalled');
    return { status: 'alive' };
  }

  @Open()
  @Get('ready')
  @Operation('ready', 'Whether the service works: booted, not draining, Redis answers', ['not-ready'])
  @Answers(200, 'it does', ReadyBody)
  async ready(): Promise<ReadyBody> {
    return await this.readiness.check();
  }

  /** The body of the platform's integration guide, 503 included. */
  @Open()
  @Get()
  @Operation('health', 'How everything is', [])
  @Answers(200, 'healthy', HealthBody)
  @Answers(503, 'unhealthy', HealthBody)
  async health(@Res({ passthrough: true }) response: Response): Promise<HealthBody> {
    const body = await this.report.write();
    response.status(body.status === 'healthy' ? 200 : 503);
    return body;
  }
}
