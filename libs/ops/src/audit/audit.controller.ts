import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { type AuditRecord, AuditTrail } from '#core';
import { Readable } from '../auth/access.js';
import { Actor } from '../auth/operator.js';
import { OperatorActions } from '../auth/operator-action.js';
import { DeadLetterOperations } from '../dead-letters/dead-letter-operations.js';
import { parsed } from '../dead-letters/dead-letter-view.js';
import { refusingForeignCursor } from '../http/foreign-cursor.js';
import { NoteBody } from '../http/note.js';
import { PageQuery } from '../http/page-query.js';
import { Problem } from '../http/problem.js';
import { Answers, Operation, OUTAGES } from '../openapi/operation.js';
import { AuditPageBody, type AuditRecordBody, RestoredBody } from './audit-body.js';

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
  @Answers(200, 'one page', AuditPageBody)
  async list(@Query() { limit, cursor }: PageQuery): Promise<AuditPageBody> {
    const page = cursor === undefined ? { limit } : { limit, cursor };
    const { items, nextCursor } = await refusingForeignCursor(this.trail.list(page));
    return { items: items.map((record) => auditView(record)), next_cursor: nextCursor };
  }

  /** Puts a discarded dead letter back, once. */
  @Post(':id/restore')
  @HttpCode(200)
  @Operation('restoreDeadLetter', 'Puts a discarded entry back, once', ['not-found', 'already-restored', ...OUTAGES])
  @Answers(200, 'the entry is the newest dead letter', RestoredBody)
  async restore(@Param('id') id: string, @Body() { note }: NoteBody, @Actor() actor: string): Promise<RestoredBody> {
    const result = await this.operations.restore(id, this.actions.of(actor, note));
    if (result === 'unknown') throw new Problem('not-found');
    if (result === 'already_restored') throw new Problem('already-restored');
    return { audit_id: id, result };
  }
}

function auditView({ id, at, operation, actor, requestId, note, details, element }: AuditRecord): AuditRecordBody {
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
