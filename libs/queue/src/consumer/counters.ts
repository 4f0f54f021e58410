import type { ClaimedMessage } from '#core';

type Counters = Pick<ClaimedMessage, 'deliveries' | 'attempts' | 'replays' | 'firstSeenAt'>;

/**
 * Parses the counters that `meta.lua` writes.
 *
 * @throws RangeError for malformed counters
 */
export function unpackCounters(packed: string): Counters {
  const numbers = packed.split(' ').map(Number);
  const [deliveries, attempts, replays, firstSeenAt, claimedAt] = numbers;
  const known = deliveries !== undefined && attempts !== undefined && replays !== undefined;
  if (!known || firstSeenAt === undefined || claimedAt === undefined || !numbers.every(Number.isSafeInteger)) {
    throw new RangeError('malformed counters of a message');
  }
  return { deliveries, attempts, replays, firstSeenAt };
}

/** Returns the counters of a first delivery. */
export function firstCounters(now: number): Counters {
  return { deliveries: 1, attempts: 0, replays: 0, firstSeenAt: now };
}
