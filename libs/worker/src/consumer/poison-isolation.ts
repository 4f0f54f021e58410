import type { ClaimedMessage } from '#core';

/**
 * Stalls after which a message is handled by itself. One stall proves nothing: whenever a process ends, every message that
 * waited in it for its deployment has one.
 */
const POISON_CANDIDATE_STALLS = 2;

/**
 * Splits claimed messages into groups to be received one after the other, so that a message that ends the process takes
 * no other with it: first those that are given up, which nobody looks into any more; then the inconspicuous ones
 * together; then each suspect alone, which clears it if it is innocent.
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

/** Those that may have ended the processes that had them, and are not given up yet. */
export function poisonCandidates(messages: readonly ClaimedMessage[], maxStalls: number): readonly ClaimedMessage[] {
  return messages.filter(({ stalls }) => stalls < maxStalls && stalls >= POISON_CANDIDATE_STALLS);
}
