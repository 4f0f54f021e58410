import type { Figure } from '../benchmark.js';

/** How many blocks there were to measure: with none, the run says nothing, and must not pass for a good one. */
export function backlogOf(blocks: readonly unknown[]): Figure {
  return { name: 'blocks with a backlog', unit: '', value: blocks.length, goal: { atLeast: 1 } };
}
