import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { type AuditRecord, AuditTrail } from '#core';
import { RequireScope } from '../auth/access.decorator.js';
import { Actor, OperatorActions } from '../auth/operator.js';
import { DeadLetterOperations } from '../dead-letters/dead-letter-operations.service.js';
import { parsed } from '../dead-letters/dead-letter.mapper.js';
import { rejectInvalidCursor } from '../common/invalid-cursor.js';
import { NoteDto } from '../common/note.dto.js';
import { PageQuery } from '../common/page-query.dto.js';
import { Problem } from '../common/problem.js';
import { AuditPageDto, type AuditRecordDto, RestoredDto } from './audit.dto.js';
import { ApiOkResponse, ApiOperation } from '../openapi/swagger.decorator.js';
import { ApiProblems, OUTAGES } from '../openapi/api-problems.decorator.js';

/** Who did what, and when; and the way back for what was discarded. */
@Controller('audit')
export class AuditController {
  constructor(
    private readonly trail: AuditTrail,
    private readonly operations: DeadLetterOperations,
    private readonly actions: OperatorActions,
  ) {}

  /** Newest first. */
  @RequireScope('read')
  @Get()
  @ApiOperation({ operationId: 'listAudit', summary: 'Who did what, and when; newest first' })
  @ApiProblems('invalid-request', ...OUTAGES)
  @ApiOkResponse({ description: 'one page', type: AuditPageDto })
  async list(@Query() { limit, cursor }: PageQuery): Promise<AuditPageDto> {
    const page = cursor === undefined ? { limit } : { limit, cursor };
    const { items, nextCursor } = await rejectInvalidCursor(this.trail.list(page));
    return { items: items.map((record) => toAuditRecordDto(record)), next_cursor: nextCursor };
  }

  /** Puts a discarded dead letter back, once. */
  @Post(':id/restore')
  @HttpCode(200)
  @ApiOperation({ operationId: 'restoreDeadLetter', summary: 'Puts a discarded entry back, once' })
  @ApiProblems('not-found', 'already-restored', ...OUTAGES)
  @ApiOkResponse({ description: 'the entry is the newest dead letter', type: RestoredDto })
  async restore(@Param('id') id: string, @Body() { note }: NoteDto, @Actor() actor: string): Promise<RestoredDto> {
    const result = await this.operations.restore(id, await this.actions.of(actor, note));
    if (result === 'unknown') throw new Problem('not-found');
    if (result === 'already_restored') throw new Problem('already-restored');
    return { audit_id: id, result };
  }
}

function toAuditRecordDto({
  id,
  at,
  operation,
  actor,
  requestId,
  note,
  details,
  element,
}: AuditRecord): AuditRecordDto {
  return {
    id,
    at: new Date(at).toISOString(),
    operation,
    actor,
    request_id: requestId,
    note,
    ...details,
    ...(element === null ? {} : { entry: parsed(element) }),
  };
}
