import type { DeadLetter } from '#core';

/** One line of the list of dead letters. */
export function deadLetterSummary(entry: DeadLetter) {
  return {
    id: entry.id,
    reason: entry.reason,
    error: entry.error,
    failed_at: entry.failedAt,
    message_id: entry.messageId,
    model_id: entry.modelId,
    attempts: entry.attempts,
    replay_count: entry.replayCount,
    replayable: entry.originalMessage !== null,
  };
}

/** The whole dead letter: entry and message parsed where they parse, as text where they do not. */
export function deadLetterDetail(entry: DeadLetter) {
  const { originalMessage } = entry;
  return {
    ...deadLetterSummary(entry),
    entry: parsed(entry.raw),
    message: originalMessage === null ? null : parsed(Buffer.from(originalMessage).toString('utf8')),
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
