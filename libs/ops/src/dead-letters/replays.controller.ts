import { Body, Controller, HttpCode, Param, Post } from '@nestjs/common';
import type { OperatorAction } from '#core';
import { Actor } from '../auth/operator.js';
import { Problem } from '../http/problem.js';
import { filterOf } from './dead-letter-filter.js';
import { DeadLetterSelection } from './dead-letter-selection.js';
import { ReplayBody, ReplayOneBody } from './replay-body.js';
import { entryResult, type EntryResult } from './replay-results.js';
import { Replays } from './replays.js';
import { RequestContext } from '#telemetry';

@Controller('dlq')
export class ReplaysController {
  constructor(
    private readonly replays: Replays,
    private readonly selection: DeadLetterSelection,
    private readonly requests: RequestContext,
  ) {}

  /** Some ids, or the oldest that fit a filter, or the oldest of all. */
  @Post('replay')
  @HttpCode(200)
  async replayMany(@Body() body: ReplayBody, @Actor() actor: string) {
    const { ids, filter, limit } = body;
    if (ids !== undefined && filter !== undefined) {
      throw new Problem('invalid-request', { detail: 'ids and filter exclude each other' });
    }
    const select = async () =>
      ids === undefined ? await this.selection.oldest(filterOf(filter ?? {}), limit) : await this.selection.byIds(ids);
    const results = body.dry_run
      ? (await select()).map((entry) => preview(entry))
      : await this.replays.replayAll(select, this.action(actor, body));
    return {
      dry_run: body.dry_run,
      replayed: results.filter(({ result }) => result === 'replayed').length,
      results,
    };
  }

  @Post(':id/replay')
  @HttpCode(200)
  async replayOne(@Param('id') id: string, @Body() body: ReplayOneBody, @Actor() actor: string): Promise<EntryResult> {
    const [entry] = await this.selection.byIds([id]);
    if (entry === undefined || typeof entry === 'string') throw new Problem('not-found');
    const result = await this.replays.replay(entry, this.action(actor, body));
    if (result === 'gone') throw new Problem('not-found');
    if (result === 'unreplayable') throw new Problem('unreplayable');
    return entryResult(entry, result);
  }

  private action(actor: string, { note }: ReplayOneBody): OperatorAction {
    return { actor, requestId: this.requests.requestId ?? '', note: note ?? null };
  }
}

function preview(entry: Parameters<typeof entryResult>[0]): EntryResult {
  if (typeof entry === 'string') return entryResult(entry, 'gone');
  return entryResult(entry, entry.originalMessage === null ? 'unreplayable' : 'would_replay');
}
