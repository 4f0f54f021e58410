import { Body, Controller, Delete, HttpCode, Param, Post, Query } from '@nestjs/common';
import { type DeadLetter, DeadLetters } from '#core';
import { Actor, OperatorActions } from '../auth/operator.js';
import { NoteQuery } from '../common/note.dto.js';
import { Problem } from '../common/problem.js';
import { ReplayOneDto } from '../replays/replay-request.dto.js';
import { DiscardedDto, ReplayedDto } from './dead-letter.dto.js';
import { DeadLetterOperations } from './dead-letter-operations.service.js';
import { ApiOkResponse, ApiOperation } from '../openapi/swagger.decorator.js';
import { ApiProblems, OUTAGES } from '../openapi/api-problems.decorator.js';

/** What can be done with one dead letter. */
@Controller('dlq')
export class DeadLetterOperationsController {
  constructor(
    private readonly deadLetters: DeadLetters,
    private readonly operations: DeadLetterOperations,
    private readonly actions: OperatorActions,
  ) {}

  @Post(':id/replay')
  @HttpCode(200)
  @ApiOperation({
    operationId: 'replayDeadLetter',
    summary: 'Sends the message of one entry again, with a full budget of attempts',
  })
  @ApiProblems('not-found', 'already-deployed', 'unreplayable', ...OUTAGES)
  @ApiOkResponse({ description: 'the message is back in the queue', type: ReplayedDto })
  async replay(
    @Param('id') id: string,
    @Body() { note, force }: ReplayOneDto,
    @Actor() actor: string,
  ): Promise<ReplayedDto> {
    const entry = await this.find(id);
    const result = await this.operations.replay(entry, await this.actions.of(actor, note), force);
    if (result === 'gone') throw new Problem('not-found');
    if (result === 'unreplayable') throw new Problem('unreplayable');
    if (result === 'already_deployed') throw new Problem('already-deployed');
    return { id: entry.id, message_id: entry.messageId, model_id: entry.modelId, result };
  }

  /** The entry goes whole into its audit record, from which it can be restored. */
  @Delete(':id')
  @ApiOperation({ operationId: 'discardDeadLetter', summary: 'Takes an entry out, whole, into the audit trail' })
  @ApiProblems('invalid-request', 'not-found', ...OUTAGES)
  @ApiOkResponse({ description: 'the entry is in its audit record', type: DiscardedDto })
  async discard(@Param('id') id: string, @Query() { note }: NoteQuery, @Actor() actor: string): Promise<DiscardedDto> {
    const entry = await this.find(id);
    const discarded = await this.operations.discard(entry, await this.actions.of(actor, note));
    if (discarded.result === 'gone') throw new Problem('not-found');
    return { id: entry.id, result: discarded.result, audit_id: discarded.auditId };
  }

  private async find(id: string): Promise<DeadLetter> {
    const entry = await this.deadLetters.find(id);
    if (entry === null) throw new Problem('not-found');
    return entry;
  }
}
