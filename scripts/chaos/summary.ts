import type { ChaosReport } from '../../test/chaos/chaos-run.js';

export interface Round extends ChaosReport {
  readonly seed: number;
  readonly seconds: number;
}

const COLUMNS = {
  seed: ({ seed }) => seed,
  seconds: ({ seconds }) => seconds,
  faults: ({ faults }) => sum(faults.values()),
  pushed: ({ counts }) => counts.pushed,
  done: ({ counts }) => counts.done,
  died: ({ counts }) => counts.died,
  replayed: ({ counts }) => counts.replayed,
  claimed: ({ counts }) => counts.claimed,
  retried: ({ counts }) => counts.retried,
  expired: ({ counts }) => counts.expired,
  violations: ({ violations }) => violations.length,
} as const satisfies Record<string, (round: Round) => number>;

const WIDTH = 10;

export const heading = row(Object.keys(COLUMNS));

export function line(round: Round): string {
  return row(Object.values(COLUMNS).map((column) => column(round)));
}

/** All rounds together, and how often each fault struck. */
export function summary(rounds: readonly Round[]): string {
  const totals = Object.values(COLUMNS).map((column) => sum(rounds.map(column)));
  const faults = new Map<string, number>();
  for (const round of rounds) {
    for (const [kind, struck] of round.faults) faults.set(kind, (faults.get(kind) ?? 0) + struck);
  }
  const list = [...faults].map(([kind, struck]) => `${kind} ${struck}`).join(', ');
  return `${row(['all', ...totals.slice(1)])}\n\n${list}`;
}

function row(cells: readonly (string | number)[]): string {
  return cells.map((cell) => String(cell).padStart(WIDTH)).join(' ');
}

function sum(numbers: Iterable<number>): number {
  return [...numbers].reduce((total, number) => total + number, 0);
}
