import type { DeadLetter } from '#core';
import { isShallow } from '../common/json-depth.js';
import type { DeadLetterDto, DeadLetterDetailDto } from './dead-letter.dto.js';

/** Levels of JSON that are shown as JSON. */
const MAX_DEPTH = 100;

/** One line of the list of dead letters. */
export function toDeadLetterDto(entry: DeadLetter): Pick<DeadLetterDto, keyof DeadLetterDto> {
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
export function toDeadLetterContent(
  entry: DeadLetter,
): Pick<DeadLetterDetailDto, keyof DeadLetterDto | 'entry' | 'message'> {
  const { originalMessage } = entry;
  return {
    ...toDeadLetterDto(entry),
    entry: parsed(entry.element),
    message: originalMessage === null ? null : parsed(originalMessage),
  };
}

/** JSON where it is JSON, and not nested too deeply to be written again; else text, in which bytes that are not UTF-8 are lost. */
export function parsed(bytes: Uint8Array): unknown {
  const text = Buffer.from(bytes).toString('utf8');
  try {
    const json: unknown = JSON.parse(text);
    return isShallow(json, MAX_DEPTH) ? json : text;
  } catch {
    return text;
  }
}
