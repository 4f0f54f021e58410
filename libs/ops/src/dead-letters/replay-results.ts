import type { DeadLetter, ReplayResult } from '#core';

/** `not_attempted`: an entry before it failed, and the rest was left alone. */
type Outcome = ReplayResult | 'would_replay' | 'failed' | 'not_attempted';

export interface EntryResult {
  readonly id: string;
  readonly message_id: string | null;
  readonly model_id: string | null;
  readonly result: Outcome;
}

/** @param entry the dead letter, or the id of one that is gone */
export function entryResult(entry: DeadLetter | string, result: Outcome): EntryResult {
  return typeof entry === 'string'
    ? { id: entry, message_id: null, model_id: null, result }
    : { id: entry.id, message_id: entry.messageId, model_id: entry.modelId, result };
}
