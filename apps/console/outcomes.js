import { count } from './format.js';

/** What the API calls an outcome, in the words of the page. */
const WORDS = /** @type {Readonly<Record<string, string>>} */ ({
  would_replay: 'would be replayed',
  replayed: 'replayed',
  gone: 'gone',
  unreplayable: 'without a message',
  already_deployed: 'deployed already',
  repeated: 'repeated',
});

/** @param {string} outcome */
export function wordFor(outcome) {
  return WORDS[outcome] ?? outcome;
}

/**
 * As many of each outcome as there were.
 *
 * @param {Partial<import('./api-types.d.js').ReplayRunBody['counts']>} counts
 */
export function outcomesIn(counts) {
  return Object.entries(counts).flatMap(([outcome, number]) => Array.from({ length: number }, () => outcome));
}

/**
 * `3 replayed, 1 gone`.
 *
 * @param {readonly string[]} outcomes
 */
export function outcomeText(outcomes) {
  const counts = /** @type {Map<string, number>} */ (new Map());
  for (const outcome of outcomes) counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
  const parts = [...counts].map(([outcome, number]) => `${count(number)} ${wordFor(outcome)}`);
  return parts.length === 0 ? 'no entry' : parts.join(', ');
}
