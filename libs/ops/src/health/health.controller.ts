import { Controller, Get, Res } from '@nestjs/common';
import type { Response } from 'express';
import { ServiceState } from '#core';
import { Open } from '../auth/access.js';
import { Problem } from '../http/problem.js';
import { HealthReport, type HealthBody } from './health-report.js';
import { Readiness, type ReadyBody } from './readiness.js';

/** A worker loop that has not turned for so long is stuck, and only a restart helps. */
const LONGEST_TURN_MS = 120_000;

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
  live(): { readonly status: 'alive' } {
    if (this.state.sinceLastTurnMs > LONGEST_TURN_MS) throw new Problem('worker-loop-stalled');
    return { status: 'alive' };
  }

  @Open()
  @Get('ready')
  async ready(): Promise<ReadyBody> {
    return await this.readiness.check();
  }

  /** The body of the platform's integration guide, 503 included. */
  @Open()
  @Get()
  async health(@Res({ passthrough: true }) response: Response): Promise<HealthBody> {
    const body = await this.report.write();
    response.status(body.status === 'healthy' ? 200 : 503);
    return body;
  }
}
