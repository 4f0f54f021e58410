import { Controller, Get, Param, Query } from '@nestjs/common';
import { DeploymentJobs, JOB_STATES, type JobState } from '#core';
import { Readable } from '../auth/access.decorator.js';
import { OptionalChoice } from '../common/fields.decorator.js';
import { PageQuery } from '../common/page-query.dto.js';
import { Problem } from '../common/problem.js';
import { Answers, Operation, OUTAGES } from '../openapi/operation.decorator.js';
import { DeploymentDto, DeploymentPageDto } from './deployment.dto.js';
import { toDeploymentDto } from './deployment.mapper.js';

export class DeploymentsQuery extends PageQuery {
  @OptionalChoice(JOB_STATES, 'only deployments in this state')
  state?: JobState;
}

@Controller('deployments')
export class DeploymentsController {
  constructor(private readonly jobs: DeploymentJobs) {}

  /** Newest first. */
  @Readable()
  @Get()
  @Operation('listDeployments', 'Deployments, newest first', ['invalid-request', ...OUTAGES])
  @Answers(200, 'one page', DeploymentPageDto)
  async list(@Query() { limit, cursor, state }: DeploymentsQuery): Promise<DeploymentPageDto> {
    const { items, nextCursor } = await this.jobs.list({
      limit,
      ...(cursor === undefined ? {} : { cursor }),
      ...(state === undefined ? {} : { state }),
    });
    return { items: items.map((job) => toDeploymentDto(job)), next_cursor: nextCursor };
  }

  @Readable()
  @Get(':modelId')
  @Operation('findDeployment', 'The deployment of one model', ['not-found', ...OUTAGES])
  @Answers(200, 'all that is known', DeploymentDto)
  async find(@Param('modelId') modelId: string): Promise<DeploymentDto> {
    const job = await this.jobs.find(modelId);
    if (job === null) throw new Problem('not-found');
    return toDeploymentDto(job);
  }
}
