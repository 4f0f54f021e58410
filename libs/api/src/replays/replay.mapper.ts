import type { DeadLetterFilter, ReplayedEntry, ReplayRun, ReplaySelection } from '#core';
import type { DeadLetterFilterDto } from '../dead-letters/dead-letter-query.dto.js';
import type { ReplayResultDto, ReplayRunDto } from './replay-run.dto.js';

/** What became, or would become, of one entry. */
export function toResultDto(
  entry: Pick<ReplayedEntry, 'id' | 'messageId' | 'modelId'>,
  result: string,
): ReplayResultDto {
  return { id: entry.id, message_id: entry.messageId, model_id: entry.modelId, result };
}

/** A run, and the results of its first thousand entries. */
export function toRunDto(run: ReplayRun, results: readonly ReplayedEntry[]): ReplayRunDto {
  const { request, state, cancelling, counts, examined, resumptions, startedAt, updatedAt } = run;
  return {
    id: request.id,
    state: state === 'running' && cancelling ? 'cancelling' : state,
    actor: request.action.actor,
    note: request.action.note,
    ...selectionView(request.selection),
    max_per_second: request.maxPerSecond,
    force: request.force,
    dry_run: false,
    replayed: counts.replayed,
    counts,
    examined,
    resumptions,
    started_at: new Date(startedAt).toISOString(),
    updated_at: new Date(updatedAt).toISOString(),
    results: results.map((entry) => toResultDto(entry, entry.outcome)),
  };
}

function selectionView(selection: ReplaySelection): Pick<ReplayRunDto, 'ids' | 'filter' | 'limit'> {
  return selection.kind === 'ids'
    ? { ids: selection.ids.length }
    : { filter: filterView(selection.filter), limit: selection.limit };
}

function filterView({ reason, modelId, failedBefore, failedAfter }: DeadLetterFilter): DeadLetterFilterDto {
  return {
    ...(reason === undefined ? {} : { reason }),
    ...(modelId === undefined ? {} : { model_id: modelId }),
    ...(failedBefore === undefined ? {} : { failed_before: new Date(failedBefore).toISOString() }),
    ...(failedAfter === undefined ? {} : { failed_after: new Date(failedAfter).toISOString() }),
  };
}
