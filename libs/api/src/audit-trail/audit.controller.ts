import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { type AuditRecord, AuditTrail } from '#core';
import { Readable } from '../auth/access.decorator.js';
import { Actor } from '../auth/operator.decorator.js';
import { OperatorActions } from '../auth/operator-actions.service.js';
import { DeadLetterOperations } from '../dead-letters/dead-letter-operations.service.js';
import { parsed } from '../dead-letters/dead-letter.mapper.js';
import { rejectInvalidCursor } from '../common/invalid-cursor.js';
import { NoteDto } from '../common/note.dto.js';
import { PageQuery } from '../common/page-query.dto.js';
import { Problem } from '../common/problem.js';
import { Answers, Operation, OUTAGES } from '../openapi/operation.decorator.js';
import { AuditPageDto, type AuditRecordDto, RestoredDto } from './audit.dto.js';

/** Who did what, and when; and the way back for what was discarded. */
@Controller('audit')
export class AuditController {
  constructor(
    private readonly trail: AuditTrail,
    private readonly operations: DeadLetterOperations,
    private readonly actions: OperatorActions,
  ) {}

  /** Newest first. */
  @Readable()
  @Get()
  @Operation('listAudit', 'Who did what, and when; newest first', ['invalid-request', ...OUTAGES])
  @Answers(200, 'one page', AuditPageDto)
  async list(@Query() { limit, cursor }: PageQuery): Promise<AuditPageDto> {
    const page = cursor === undefined ? { limit } : { limit, cursor };
    const { items, nextCursor } = await rejectInvalidCursor(this.trail.list(page));
    return { items: items.map((record) => toAuditRecordDto(record)), next_cursor: nextCursor };
  }

  /** Puts a discarded dead letter back, once. */
  @Post(':id/restore')
  @HttpCode(200)
  @Operation('restoreDeadLetter', 'Puts a discarded entry back, once', ['not-found', 'already-restored', ...OUTAGES])
  @Answers(200, 'the entry is the newest dead letter', RestoredDto)
  async restore(@Param('id') id: string, @Body() { note }: NoteDto, @Actor() actor: string): Promise<RestoredDto> {
    const result = await this.operations.restore(id, this.actions.of(actor, note));
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
