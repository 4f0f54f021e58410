import type { DeadLetter } from '#core';
import type { DeadLetterBody, DeadLetterDetailBody } from './dead-letter-body.js';

/** One line of the list of dead letters. */
export function deadLetterSummary(entry: DeadLetter): Pick<DeadLetterBody, keyof DeadLetterBody> {
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
export function deadLetterContent(
  entry: DeadLetter,
): Pick<DeadLetterDetailBody, keyof DeadLetterBody | 'entry' | 'message'> {
  const { originalMessage } = entry;
  return {
    ...deadLetterSummary(entry),
    entry: parsed(entry.element),
    message: originalMessage === null ? null : parsed(originalMessage),
  };
}

/** JSON where it is JSON; else text, in which bytes that are not UTF-8 are lost. */
export function parsed(bytes: Uint8Array): unknown {
  const text = Buffer.from(bytes).toString('utf8');
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
