import type { DeadLetterFilter, ReplayedEntry, ReplayRun, ReplaySelection } from '#core';
import type { DeadLetterFilterBody } from '../dead-letters/dead-letter-filter.js';
import type { ReplayResultBody, ReplayRunBody } from './replay-run-body.js';

/** What became, or would become, of one entry. */
export function entryView(
  entry: Pick<ReplayedEntry, 'id' | 'messageId' | 'modelId'>,
  result: string,
): ReplayResultBody {
  return { id: entry.id, message_id: entry.messageId, model_id: entry.modelId, result };
}

/** A run, and the results of its first thousand entries. */
export function runView(run: ReplayRun, results: readonly ReplayedEntry[]): ReplayRunBody {
  const { order, state, cancelling, counts, examined, resumptions, startedAt, updatedAt } = run;
  return {
    id: order.id,
    state: state === 'running' && cancelling ? 'cancelling' : state,
    actor: order.action.actor,
    note: order.action.note,
    ...selectionView(order.selection),
    max_per_second: order.maxPerSecond,
    force: order.force,
    dry_run: false,
    replayed: counts.replayed,
    counts,
    examined,
    resumptions,
    started_at: new Date(startedAt).toISOString(),
    updated_at: new Date(updatedAt).toISOString(),
    results: results.map((entry) => entryView(entry, entry.outcome)),
  };
}

function selectionView(selection: ReplaySelection): Pick<ReplayRunBody, 'ids' | 'filter' | 'limit'> {
  return selection.kind === 'ids'
    ? { ids: selection.ids.length }
    : { filter: filterView(selection.filter), limit: selection.limit };
}

function filterView({ reason, modelId, failedBefore, failedAfter }: DeadLetterFilter): DeadLetterFilterBody {
  return {
    ...(reason === undefined ? {} : { reason }),
    ...(modelId === undefined ? {} : { model_id: modelId }),
    ...(failedBefore === undefined ? {} : { failed_before: new Date(failedBefore).toISOString() }),
    ...(failedAfter === undefined ? {} : { failed_after: new Date(failedAfter).toISOString() }),
  };
}
