import { Controller, Get, Param, Query } from '@nestjs/common';
import { DeadLetters } from '#core';
import { Readable } from '../auth/access.decorator.js';
import { rejectInvalidCursor } from '../common/invalid-cursor.js';
import { Problem } from '../common/problem.js';
import { Answers, Operation, OUTAGES } from '../openapi/operation.decorator.js';
import { DeadLetterDetailDto, DeadLetterPageDto } from './dead-letter.dto.js';
import { DeadLetterQuery, filterOf } from './dead-letter-query.dto.js';
import { toDeadLetterContent, toDeadLetterDto } from './dead-letter.mapper.js';
import { ModelStatusService } from './model-status.service.js';

@Controller('dlq')
export class DeadLettersController {
  constructor(
    private readonly deadLetters: DeadLetters,
    private readonly models: ModelStatusService,
  ) {}

  /** Oldest first. */
  @Readable()
  @Get()
  @Operation('listDeadLetters', 'Dead letters, oldest first', ['invalid-request', ...OUTAGES])
  @Answers(200, 'one page; the cursor holds while entries come and go', DeadLetterPageDto)
  async list(@Query() query: DeadLetterQuery): Promise<DeadLetterPageDto> {
    const page = { limit: query.limit, filter: filterOf(query) };
    const { cursor } = query;
    const found = await rejectInvalidCursor(this.deadLetters.list(cursor === undefined ? page : { ...page, cursor }));
    return {
      items: found.items.map((entry) => toDeadLetterDto(entry)),
      next_cursor: found.nextCursor,
      total: found.total,
    };
  }

  @Readable()
  @Get(':id')
  @Operation('findDeadLetter', 'The whole entry, and what became of its model meanwhile', ['not-found', ...OUTAGES])
  @Answers(200, 'the entry', DeadLetterDetailDto)
  async find(@Param('id') id: string): Promise<DeadLetterDetailDto> {
    const entry = await this.deadLetters.find(id);
    if (entry === null) throw new Problem('not-found');
    return { ...toDeadLetterContent(entry), ...(await this.models.of(entry.modelId)) };
  }
}
