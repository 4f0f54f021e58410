import { Controller, Get, Param, Query } from '@nestjs/common';
import { DeploymentJobs, JOB_STATES, type JobState } from '#core';
import { Readable } from '../auth/access.js';
import { OptionalChoice } from '../http/fields.js';
import { PageQuery } from '../http/page-query.js';
import { Problem } from '../http/problem.js';
import { Answers, Operation, OUTAGES } from '../openapi/operation.js';
import { DeploymentBody, DeploymentPageBody } from './deployment-body.js';
import { deploymentView } from './deployment-view.js';

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
  @Answers(200, 'one page', DeploymentPageBody)
  async list(@Query() { limit, cursor, state }: DeploymentsQuery): Promise<DeploymentPageBody> {
    const { items, nextCursor } = await this.jobs.list({
      limit,
      ...(cursor === undefined ? {} : { cursor }),
      ...(state === undefined ? {} : { state }),
    });
    return { items: items.map((job) => deploymentView(job)), next_cursor: nextCursor };
  }

  @Readable()
  @Get(':modelId')
  @Operation('findDeployment', 'The deployment of one model', ['not-found', ...OUTAGES])
  @Answers(200, 'all that is known', DeploymentBody)
  async find(@Param('modelId') modelId: string): Promise<DeploymentBody> {
    const job = await this.jobs.find(modelId);
    if (job === null) throw new Problem('not-found');
    return deploymentView(job);
  }
}
