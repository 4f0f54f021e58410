import { Controller, Get, Param, Query } from '@nestjs/common';
import { DeploymentJobs, JOB_STATES, type JobState } from '#core';
import { RequireScope } from '../auth/access.decorator.js';
import { PageQuery } from '../common/page-query.dto.js';
import { Problem } from '../common/problem.js';
import { DeploymentDto, DeploymentPageDto } from './deployment.dto.js';
import { toDeploymentDto } from './deployment.mapper.js';
import { IsIn } from 'class-validator';
import { ApiOkResponse, ApiOperation, ApiPropertyOptional } from '../openapi/swagger.decorator.js';
import { ApiProblems, OUTAGES } from '../openapi/api-problems.decorator.js';
import { IsOmittable } from '../common/is-omittable.decorator.js';

export class DeploymentsQuery extends PageQuery {
  @IsOmittable()
  @IsIn(JOB_STATES)
  @ApiPropertyOptional({ type: 'string', enum: [...JOB_STATES], description: 'only deployments in this state' })
  state?: JobState;
}

@Controller('deployments')
export class DeploymentsController {
  constructor(private readonly jobs: DeploymentJobs) {}

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
  @ApiOkResponse({ description: 'all that is known', type: DeploymentDto })
  async find(@Param('modelId') modelId: string): Promise<DeploymentDto> {
    const job = await this.jobs.find(modelId);
    if (job === null) throw new Problem('not-found');
    return toDeploymentDto(job);
  }
}
