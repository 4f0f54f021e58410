import { createHash } from 'node:crypto';
import type { ClaimedMessage } from '#core';
import { firstCounters, unpackCounters } from '#queue';
import { bytesReply, textReply } from './replies.js';
import { LedgerCorruptedError } from './ledger.errors.js';

/** Decodes lease, bytes, counters and stalls of one message from the reply of `settle-jobs.lua`. */
export function decodeClaimed([lease, content, meta, stalls]: readonly unknown[]): ClaimedMessage {
  const bytes = bytesReply(content);
  return {
    lease: textReply(lease),
    bytes,
    digest: createHash('sha1').update(bytes).digest('hex'),
    // Acknowledging an identical copy deletes the counters.
    ...(isNil(meta) ? firstCounters(Date.now()) : counters(textReply(meta))),
    stalls: isNil(stalls) ? 0 : count(textReply(stalls)),
  };
}

function counters(packed: string): ReturnType<typeof unpackCounters> {
  try {
    return unpackCounters(packed);
  } catch {
    throw new LedgerCorruptedError('message counter');
  }
}

function count(digits: string): number {
  if (!/^\d+$/.test(digits)) throw new LedgerCorruptedError('message counter');
  return Number(digits);
}

function isNil(reply: unknown): boolean {
  return reply === null || reply === undefined;
}
