import { Controller, Get, Param, Query } from '@nestjs/common';
import { DeploymentJobs } from '#core';
import { RequireScope } from '../auth/access.decorator.js';
import { Problem } from '../common/problem.js';
import { HoldsService } from '../holds/holds.service.js';
import { DeploymentDetailDto, DeploymentPageDto } from './deployment.dto.js';
import { DeploymentsQuery } from './deployments-query.dto.js';
import { toDeploymentDto } from './deployment.mapper.js';
import { ApiOkResponse, ApiOperation } from '../openapi/swagger.decorator.js';
import { ApiProblems, OUTAGES } from '../openapi/api-problems.decorator.js';

@Controller('deployments')
export class DeploymentsController {
  constructor(
    private readonly jobs: DeploymentJobs,
    private readonly holds: HoldsService,
  ) {}

  /** Newest first. */
  @RequireScope('read')
  @Get()
  @ApiOperation({ operationId: 'listDeployments', summary: 'Deployments, newest first' })
  @ApiProblems('invalid-request', ...OUTAGES)
  @ApiOkResponse({ description: 'one page', type: DeploymentPageDto })
  async list(@Query() { limit, cursor, state }: DeploymentsQuery): Promise<DeploymentPageDto> {
    const { items, nextCursor } = await this.jobs.list({
      limit,
      ...(cursor === undefined ? {} : { cursor }),
      ...(state === undefined ? {} : { state }),
    });
    return { items: items.map((job) => toDeploymentDto(job)), next_cursor: nextCursor };
  }

  @RequireScope('read')
  @Get(':modelId')
  @ApiOperation({ operationId: 'findDeployment', summary: 'The deployment of one model' })
  @ApiProblems('not-found', ...OUTAGES)
  @ApiOkResponse({ description: 'all that is known', type: DeploymentDetailDto })
  async find(@Param('modelId') modelId: string): Promise<DeploymentDetailDto> {
    const job = await this.jobs.find(modelId);
    if (job === null) throw new Problem('not-found');
    const open = job.state === 'admitted' || job.state === 'submitted';
    const holds = open ? await this.holds.ofJob(job.slot?.lane ?? null) : [];
    return Object.assign(toDeploymentDto(job), { holds });
  }
}
