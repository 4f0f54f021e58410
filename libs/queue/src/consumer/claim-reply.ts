import type { ClaimedMessage } from '#core';
import { firstCounters, unpackCounters } from './counters.js';
import { bytes, integer, list, text } from '../replies.js';

const DIGEST_LENGTH = 40;

export interface ClaimReply {
  readonly paused: boolean;
  readonly messages: readonly ClaimedMessage[];
  /** The queue's home, when it is not the caller's. */
  readonly pinned: Readonly<Record<string, string>> | null;
}

/** State of a message that was claimed before. */
type Remembered = Omit<ClaimedMessage, 'lease' | 'bytes' | 'digest'>;

/**
 * Parses the reply of `claim.lua`.
 *
 * @param token `worker:claim`
 */
export function readClaim(reply: unknown, token: string): ClaimReply {
  const [code, now, first, digests, remembered, ...contents] = list(reply);
  if (code === 1) return { paused: true, messages: [], pinned: null };
  if (code === 2) return { paused: false, messages: [], pinned: readPairs(list(now).map(text)) };
  const claimedAt = integer(now);
  const firstPlace = integer(first);
  const allDigests = text(digests);
  const known = readRemembered(list(remembered), claimedAt);
  const messages = contents.map((content, index) => {
    const digest = allDigests.slice(index * DIGEST_LENGTH, (index + 1) * DIGEST_LENGTH);
    const place = String(firstPlace + index).padStart(3, '0');
    return {
      lease: `${token}:${place}:${digest}`,
      // Copies the bytes: a slice would keep the whole reply in memory.
      bytes: Buffer.from(bytes(content)),
      digest,
      ...(known.get(index + 1) ?? { ...firstCounters(claimedAt), stalls: 0 }),
    };
  });
  return { paused: false, messages, pinned: null };
}

/** By position in the claim, from 1. */
function readRemembered(parts: readonly unknown[], now: number): ReadonlyMap<number, Remembered> {
  const known = new Map<number, Remembered>();
  for (let at = 0; at < parts.length; at += 3) {
    const packed = parts[at + 1];
    // Acknowledging an identical copy deletes the counters.
    const counters = packed === null ? firstCounters(now) : unpackCounters(text(packed));
    known.set(integer(parts[at]), { ...counters, stalls: integer(parts[at + 2]) });
  }
  return known;
}

/** Field, value, field, value, … */
function readPairs(flat: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(flat.flatMap((field, at) => (at % 2 === 0 ? [[field, flat[at + 1] ?? '']] : [])));
}
