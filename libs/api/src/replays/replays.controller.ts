import { randomUUID } from 'node:crypto';
import { Body, Controller, Delete, Get, HttpCode, Logger, Param, Post, Query, Res } from '@nestjs/common';
import type { Response } from 'express';
import { type ReplaySelection, ReplayRuns } from '#core';
import { RequireScope } from '../auth/access.decorator.js';
import { Actor, OperatorActions } from '../auth/operator.js';
import { filterOf } from '../dead-letters/dead-letter-query.dto.js';
import { IdempotentRequestId } from '../common/idempotency.interceptor.js';
import { OptionalNoteQuery } from '../common/note.dto.js';
import { Problem } from '../common/problem.js';
import { ReplayDto } from './replay-request.dto.js';
import { ReplayService } from './replay.service.js';
import { ReplayPreview } from './replay-preview.service.js';
import { ReplayCancellingDto, ReplayPreviewDto, ReplayRunDto, ReplayStartedDto } from './replay-run.dto.js';
import { toResultDto, toRunDto } from './replay.mapper.js';
import {
  ApiAcceptedResponse,
  ApiExtraModels,
  ApiOkResponse,
  ApiOperation,
  getSchemaPath,
} from '../openapi/swagger.decorator.js';
import { ApiProblems, OUTAGES } from '../openapi/api-problems.decorator.js';

/** Replays of many dead letters. */
@Controller('dlq')
export class ReplaysController {
  private readonly logger = new Logger(ReplaysController.name);

  constructor(
    private readonly desk: ReplayService,
    private readonly preview: ReplayPreview,
    private readonly runs: ReplayRuns,
    private readonly actions: OperatorActions,
  ) {}

  /** Some ids, or the oldest that fit a filter, or the oldest of all. */
  @Post('replay')
  @HttpCode(200)
  @ApiOperation({
    operationId: 'replayDeadLetters',
    summary: 'Sends the messages of many entries again; an empty body: of the oldest 100',
  })
  @ApiProblems('replay-running', ...OUTAGES)
  @ApiExtraModels(ReplayRunDto, ReplayPreviewDto)
  @ApiOkResponse({
    description: 'the replay that is over, or what it would do',
    schema: { oneOf: [{ $ref: getSchemaPath(ReplayRunDto) }, { $ref: getSchemaPath(ReplayPreviewDto) }] },
  })
  @ApiExtraModels(ReplayRunDto, ReplayStartedDto)
  @ApiAcceptedResponse({
    description: 'the replay goes on',
    headers: { Location: { description: 'path of the replay', required: true, schema: { type: 'string' } } },
    schema: { oneOf: [{ $ref: getSchemaPath(ReplayRunDto) }, { $ref: getSchemaPath(ReplayStartedDto) }] },
  })
  async replay(
    @Body() body: ReplayDto,
    @Actor() actor: string,
    @IdempotentRequestId() repeatableId: string | null,
    @Res({ passthrough: true }) response: Response,
  ): Promise<ReplayRunDto | ReplayPreviewDto | ReplayStartedDto> {
    const selection = selectionOf(body);
    if (body.dry_run) return await this.previewReplay(selection, body.force);
    const id = repeatableId ?? randomUUID();
    const action = await this.actions.of(actor, body.note);
    const maxPerSecond = body.max_per_second ?? null;
    const run = await this.desk.start({ id, selection, maxPerSecond, force: body.force, action });
    if (run === null || run.state === 'running') response.status(202).location(`/dlq/replays/${id}`);
    return run === null ? { id, state: 'running' } : toRunDto(run, await this.runs.results(id));
  }

  @RequireScope('read')
  @Get('replays/:id')
  @ApiOperation({ operationId: 'findReplay', summary: 'How far a replay is; for a day after its end' })
  @ApiProblems('not-found', ...OUTAGES)
  @ApiOkResponse({ description: 'the replay', type: ReplayRunDto })
  async find(@Param('id') id: string): Promise<ReplayRunDto> {
    const run = await this.runs.find(id);
    if (run === null) throw new Problem('not-found');
    return toRunDto(run, await this.runs.results(id));
  }

  /** The run ends before its next entry. */
  @Delete('replays/:id')
  @HttpCode(202)
  @ApiOperation({ operationId: 'cancelReplay', summary: 'Ends a replay before its next entry' })
  @ApiProblems('invalid-request', 'not-found', 'replay-ended', ...OUTAGES)
  @ApiAcceptedResponse({ description: 'it ends', type: ReplayCancellingDto })
  async cancel(
    @Param('id') id: string,
    @Query() { note }: OptionalNoteQuery,
    @Actor() actor: string,
  ): Promise<ReplayCancellingDto> {
    const result = await this.runs.cancel(id, await this.actions.of(actor, note));
    if (result === 'unknown') throw new Problem('not-found');
    if (result === 'ended') throw new Problem('replay-ended');
    this.logger.warn({ event: 'replay.cancelled', message: 'replay cancelled', replay_id: id, actor, note });
    return { id, state: result };
  }

  private async previewReplay(selection: ReplaySelection, force: boolean): Promise<ReplayPreviewDto> {
    const previewed = await this.preview.of(selection, force);
    return { dry_run: true, replayed: 0, results: previewed.map((entry) => toResultDto(entry, entry.result)) };
  }
}

function selectionOf({ ids, filter, limit }: ReplayDto): ReplaySelection {
  if (ids === undefined) return { kind: 'oldest', filter: filterOf(filter ?? {}), limit };
  if (filter === undefined) return { kind: 'ids', ids: [...new Set(ids)] };
  throw new Problem('invalid-request', { detail: 'ids and filter exclude each other' });
}
