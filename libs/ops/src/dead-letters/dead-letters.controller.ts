import { Controller, Get, Param, Query } from '@nestjs/common';
import { DeadLetters } from '#core';
import { Readable } from '../auth/access.js';
import { refusingForeignCursor } from '../http/foreign-cursor.js';
import { Problem } from '../http/problem.js';
import { Answers, Operation, OUTAGES } from '../openapi/operation.js';
import { DeadLetterDetailBody, DeadLetterPageBody } from './dead-letter-body.js';
import { DeadLetterQuery, filterOf } from './dead-letter-filter.js';
import { deadLetterContent, deadLetterSummary } from './dead-letter-view.js';
import { ModelSituation } from './model-situation.js';

@Controller('dlq')
export class DeadLettersController {
  constructor(
    private readonly deadLetters: DeadLetters,
    private readonly models: ModelSituation,
  ) {}

  /** Oldest first. */
  @Readable()
  @Get()
  @Operation('listDeadLetters', 'Dead letters, oldest first', ['invalid-request', ...OUTAGES])
  @Answers(200, 'one page; the cursor holds while entries come and go', DeadLetterPageBody)
  async list(@Query() query: DeadLetterQuery): Promise<DeadLetterPageBody> {
    const page = { limit: query.limit, filter: filterOf(query) };
    const { cursor } = query;
    const found = await refusingForeignCursor(this.deadLetters.list(cursor === undefined ? page : { ...page, cursor }));
    return {
      items: found.items.map((entry) => deadLetterSummary(entry)),
      next_cursor: found.nextCursor,
      total: found.total,
    };
  }

  @Readable()
  @Get(':id')
  @Operation('findDeadLetter', 'The whole entry, and what became of its model meanwhile', ['not-found', ...OUTAGES])
  @Answers(200, 'the entry', DeadLetterDetailBody)
  async find(@Param('id') id: string): Promise<DeadLetterDetailBody> {
    const entry = await this.deadLetters.find(id);
    if (entry === null) throw new Problem('not-found');
    return { ...deadLetterContent(entry), ...(await this.models.of(entry.modelId)) };
  }
}
