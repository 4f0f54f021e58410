import { Controller, Get, Param, Query } from '@nestjs/common';
import { IsIn, IsOptional } from 'class-validator';
import { DeploymentJobs, JOB_STATES, type JobState } from '#core';
import { Readable } from '../auth/access.js';
import { PageQuery } from '../http/page-query.js';
import { Problem } from '../http/problem.js';
import { deploymentView } from './deployment-view.js';

export class DeploymentsQuery extends PageQuery {
  @IsOptional()
  @IsIn(JOB_STATES)
  state?: JobState;
}

@Controller('deployments')
export class DeploymentsController {
  constructor(private readonly jobs: DeploymentJobs) {}

  /** Newest first. */
  @Readable()
  @Get()
  async list(@Query() { limit, cursor, state }: DeploymentsQuery) {
    const { items, nextCursor } = await this.jobs.list({
      limit,
      ...(cursor === undefined ? {} : { cursor }),
      ...(state === undefined ? {} : { state }),
    });
    return { items: items.map((job) => deploymentView(job)), next_cursor: nextCursor };
  }

  @Readable()
  @Get(':modelId')
  async find(@Param('modelId') modelId: string) {
    const job = await this.jobs.find(modelId);
    if (job === null) throw new Problem('not-found');
    return deploymentView(job);
  }
}
