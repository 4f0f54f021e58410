import { createHash } from 'node:crypto';
import type { ClaimedMessage } from '#core';
import { bytesReply, textReply } from './replies.js';
import { UnreadableLedger } from './unreadable-ledger.js';

/** Reads lease, bytes, packed counters and stalls of one message, as the settle script answers them. */
export function decodeClaimed([lease, content, meta, stalls]: readonly unknown[]): ClaimedMessage {
  const bytes = bytesReply(content);
  // The counters are gone after an identical copy was acknowledged.
  const [deliveries = 1, attempts = 0, replays = 0, firstSeenAt = Date.now()] = isNil(meta)
    ? []
    : counters(textReply(meta));
  return {
    lease: textReply(lease),
    bytes,
    digest: createHash('sha1').update(bytes).digest('hex'),
    attempts,
    deliveries,
    stalls: isNil(stalls) ? 0 : (counters(textReply(stalls))[0] ?? 0),
    replays,
    firstSeenAt,
  };
}

function counters(packed: string): readonly number[] {
  return packed.split(' ').map((digits) => {
    if (!/^\d+$/.test(digits)) throw new UnreadableLedger('message counter');
    return Number(digits);
  });
}

function isNil(reply: unknown): boolean {
  return reply === null || reply === undefined;
}
