import { Controller, Get, Param, Query } from '@nestjs/common';
import { DeadLetters } from '#core';
import { RequireScope } from '../auth/access.decorator.js';
import { rejectInvalidCursor } from '../common/invalid-cursor.js';
import { Problem } from '../common/problem.js';
import { DeadLetterDetailDto, DeadLetterPageDto } from './dead-letter.dto.js';
import { DeadLetterQuery, filterOf } from './dead-letter-query.dto.js';
import { toDeadLetterContent, toDeadLetterDto } from './dead-letter.mapper.js';
import { ModelStatusService } from './model-status.service.js';
import { ApiOkResponse, ApiOperation } from '../openapi/swagger.decorator.js';
import { ApiProblems, OUTAGES } from '../openapi/api-problems.decorator.js';

@Controller('dlq')
export class DeadLettersController {
  constructor(
    private readonly deadLetters: DeadLetters,
    private readonly models: ModelStatusService,
  ) {}

  /** Oldest first. */
  @RequireScope('read')
  @Get()
  @ApiOperation({ operationId: 'listDeadLetters', summary: 'Dead letters, oldest first' })
  @ApiProblems('invalid-request', ...OUTAGES)
  @ApiOkResponse({ description: 'one page; the cursor holds while entries come and go', type: DeadLetterPageDto })
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

  @RequireScope('read')
  @Get(':id')
  @ApiOperation({ operationId: 'findDeadLetter', summary: 'The whole entry, and what became of its model meanwhile' })
  @ApiProblems('not-found', ...OUTAGES)
  @ApiOkResponse({ description: 'the entry', type: DeadLetterDetailDto })
  async find(@Param('id') id: string): Promise<DeadLetterDetailDto> {
    const entry = await this.deadLetters.find(id);
    if (entry === null) throw new Problem('not-found');
    return { ...toDeadLetterContent(entry), ...(await this.models.of(entry.modelId)) };
  }
}
