import { randomUUID } from 'node:crypto';
import type { ClaimedMessage, DeadLetterReason } from '#core';
import { decodeUtf8 } from '../envelope/json-text.js';
import type { DeadLetterEntry } from './dead-letter-entry.dto.js';
import { extractIdsLeniently } from './extract-ids.js';

/** What is known when a message is given up. */
export interface DeadLetterFacts {
  readonly message: Pick<ClaimedMessage, 'bytes' | 'attempts' | 'deliveries' | 'replays' | 'firstSeenAt'>;
  readonly reason: DeadLetterReason;
  /** Human-readable; free of secrets. */
  readonly error: string;
  /** Name of the queue that the message was taken from. */
  readonly queue: string;
  /** Hashes of every transaction signed for the message's job, oldest first. */
  readonly transactionHashes: readonly string[];
  /** Where messages have their model id. Default: `model_id`. */
  readonly modelIdSource?: string;
  /** Name of this process. */
  readonly worker: string;
  /** Unix milliseconds. */
  readonly failedAt: number;
}

/**
 * The JSON text of a dead-letter element: the entry of the platform's integration guide and, beside it, what an operator
 * asks first. Each call makes a new id, so that the same bytes given up twice are two entries.
 */
export function deadLetterEntry(facts: DeadLetterFacts): string {
  const { message, reason, error, queue, transactionHashes, worker, failedAt } = facts;
  const { messageId, modelId } = extractIdsLeniently(message.bytes, facts.modelIdSource);
  return JSON.stringify({
    ...originalOf(message.bytes),
    error,
    failed_at: new Date(failedAt).toISOString(),
    queue,
    id: randomUUID(),
    reason,
    message_id: messageId,
    model_id: modelId,
    attempts: message.attempts,
    deliveries: message.deliveries,
    first_seen_at: new Date(message.firstSeenAt).toISOString(),
    tx_hashes: transactionHashes,
    replay_count: message.replays,
    worker,
  } satisfies DeadLetterEntry);
}

/** JSON text holds any UTF-8 text exactly, but nothing else. */
function originalOf(bytes: Uint8Array): { original_message: string } | { original_message_base64: string } {
  const text = decodeUtf8(bytes);
  return text === null
    ? { original_message_base64: Buffer.from(bytes).toString('base64') }
    : { original_message: text };
}
