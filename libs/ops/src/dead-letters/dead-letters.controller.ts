import { Controller, Get, Param, Query } from '@nestjs/common';
import { DeadLetters, DeploymentJobs } from '#core';
import { Readable } from '../auth/access.js';
import { deploymentView } from '../deployments/deployment-view.js';
import { refusingForeignCursor } from '../http/foreign-cursor.js';
import { Problem } from '../http/problem.js';
import { DeadLetterQuery, filterOf } from './dead-letter-filter.js';
import { deadLetterDetail, deadLetterSummary } from './dead-letter-view.js';

@Controller('dlq')
export class DeadLettersController {
  constructor(
    private readonly deadLetters: DeadLetters,
    private readonly jobs: DeploymentJobs,
  ) {}

  /** Oldest first. */
  @Readable()
  @Get()
  async list(@Query() query: DeadLetterQuery) {
    const page = { limit: query.limit, filter: filterOf(query) };
    const { cursor } = query;
    const found = await refusingForeignCursor(this.deadLetters.list(cursor === undefined ? page : { ...page, cursor }));
    return {
      items: found.items.map((entry) => deadLetterSummary(entry)),
      next_cursor: found.nextCursor,
      total: found.total,
    };
  }

  /** The whole entry, and what became of its model meanwhile. */
  @Readable()
  @Get(':id')
  async find(@Param('id') id: string) {
    const entry = await this.deadLetters.find(id);
    if (entry === null) throw new Problem('not-found');
    const job = entry.modelId === null ? null : await this.jobs.find(entry.modelId);
    return { ...deadLetterDetail(entry), deployment: job === null ? null : deploymentView(job) };
  }
}
