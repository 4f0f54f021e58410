import type { ClaimedMessage } from '#core';

/** Minimum stalls of a poison candidate. A single stall proves nothing: a crash stalls every waiting message. */
const POISON_CANDIDATE_STALLS = 2;

/**
 * Splits claimed messages into groups for sequential admission, so that a poison message crashes alone. Order: messages
 * beyond `maxStalls`, which are dead-lettered unread; unsuspicious messages; each poison candidate alone.
 */
export function groupByPoisonRisk(
  messages: readonly ClaimedMessage[],
  maxStalls: number,
): readonly (readonly ClaimedMessage[])[] {
  const givenUp = messages.filter(({ stalls }) => stalls >= maxStalls);
  const suspects = poisonCandidates(messages, maxStalls);
  const plain = messages.filter((message) => !givenUp.includes(message) && !suspects.includes(message));
  return [givenUp, plain, ...suspects.map((suspect) => [suspect])].filter((group) => group.length > 0);
}

/** Messages that may have crashed their process and may still be admitted. */
export function poisonCandidates(messages: readonly ClaimedMessage[], maxStalls: number): readonly ClaimedMessage[] {
  return messages.filter(({ stalls }) => stalls < maxStalls && stalls >= POISON_CANDIDATE_STALLS);
}
