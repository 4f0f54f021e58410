import { randomUUID } from 'node:crypto';
import { Body, Controller, Delete, Get, HttpCode, Logger, Param, Post, Query, Res } from '@nestjs/common';
import type { Response } from 'express';
import { type ReplaySelection, ReplayRuns } from '#core';
import { Readable } from '../auth/access.js';
import { Actor } from '../auth/operator.js';
import { OperatorActions } from '../auth/operator-action.js';
import { filterOf } from '../dead-letters/dead-letter-filter.js';
import { RepeatableId } from '../http/repeatable-id.js';
import { OptionalNoteQuery } from '../http/note.js';
import { Problem } from '../http/problem.js';
import { Answers, Operation, OUTAGES } from '../openapi/operation.js';
import { ReplayBody } from './replay-body.js';
import { ReplayDesk } from './replay-desk.js';
import { ReplayPreview } from './replay-preview.js';
import { ReplayCancellingBody, ReplayPreviewBody, ReplayRunBody, ReplayStartedBody } from './replay-run-body.js';
import { entryView, runView } from './replay-view.js';

/** Replays of many dead letters. */
@Controller('dlq')
export class ReplaysController {
  private readonly logger = new Logger(ReplaysController.name);

  constructor(
    private readonly desk: ReplayDesk,
    private readonly preview: ReplayPreview,
    private readonly runs: ReplayRuns,
    private readonly actions: OperatorActions,
  ) {}

  /** Some ids, or the oldest that fit a filter, or the oldest of all. */
  @Post('replay')
  @HttpCode(200)
  @Operation('replayDeadLetters', 'Sends the messages of many entries again; an empty body: of the oldest 100', [
    'replay-running',
    ...OUTAGES,
  ])
  @Answers(200, 'the replay that is over, or what it would do', [ReplayRunBody, ReplayPreviewBody])
  @Answers(202, 'the replay goes on', [ReplayRunBody, ReplayStartedBody], {
    headers: { Location: 'path of the replay' },
  })
  async replay(
    @Body() body: ReplayBody,
    @Actor() actor: string,
    @RepeatableId() repeatableId: string | null,
    @Res({ passthrough: true }) response: Response,
  ): Promise<ReplayRunBody | ReplayPreviewBody | ReplayStartedBody> {
    const selection = selectionOf(body);
    if (body.dry_run) return await this.foretell(selection, body.force);
    const id = repeatableId ?? randomUUID();
    const action = this.actions.of(actor, body.note);
    const maxPerSecond = body.max_per_second ?? null;
    const run = await this.desk.begin({ id, selection, maxPerSecond, force: body.force, action });
    if (run === null || run.state === 'running') response.status(202).location(`/dlq/replays/${id}`);
    return run === null ? { id, state: 'running' } : runView(run, await this.runs.results(id));
  }

  @Readable()
  @Get('replays/:id')
  @Operation('findReplay', 'How far a replay is; for a day after its end', ['not-found', ...OUTAGES])
  @Answers(200, 'the replay', ReplayRunBody)
  async find(@Param('id') id: string): Promise<ReplayRunBody> {
    const run = await this.runs.find(id);
    if (run === null) throw new Problem('not-found');
    return runView(run, await this.runs.results(id));
  }

  /** The run ends before its next entry. */
  @Delete('replays/:id')
  @HttpCode(202)
  @Operation('cancelReplay', 'Ends a replay before its next entry', [
    'invalid-request',
    'not-found',
    'replay-ended',
    ...OUTAGES,
  ])
  @Answers(202, 'it ends', ReplayCancellingBody)
  async cancel(
    @Param('id') id: string,
    @Query() { note }: OptionalNoteQuery,
    @Actor() actor: string,
  ): Promise<ReplayCancellingBody> {
    const result = await this.runs.cancel(id, this.actions.of(actor, note));
    if (result === 'unknown') throw new Problem('not-found');
    if (result === 'ended') throw new Problem('replay-ended');
    this.logger.warn({ message: 'replay cancelled', replay_id: id, actor, note });
    return { id, state: result };
  }

  private async foretell(selection: ReplaySelection, force: boolean): Promise<ReplayPreviewBody> {
    const previewed = await this.preview.of(selection, force);
    return { dry_run: true, replayed: 0, results: previewed.map((entry) => entryView(entry, entry.result)) };
  }
}

function selectionOf({ ids, filter, limit }: ReplayBody): ReplaySelection {
  if (ids === undefined) return { kind: 'oldest', filter: filterOf(filter ?? {}), limit };
  if (filter === undefined) return { kind: 'ids', ids: [...new Set(ids)] };
  throw new Problem('invalid-request', { detail: 'ids and filter exclude each other' });
}
