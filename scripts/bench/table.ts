import type { Bound } from './benchmark.js';
import type { Machine } from './machine.js';
import type { SummedFigure, Summary } from './summary.js';

export function heading({ date, cpu, cores, memoryGb, system, node, redis, anvil }: Machine): string {
  return [
    `${date}, ${cpu}, ${cores} cores, ${memoryGb} GB, ${system}`,
    `Node ${node}; Redis ${redis}; anvil ${anvil}`,
  ].join('\n');
}

/** Formats one benchmark as a table: the median, and the spread when there was more than one run. */
export function table({ title, runs, figures, remarks }: Summary): string {
  const rows = figures.map((figure) => cells(figure, runs));
  const widths = [0, 1, 2, 3].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const lines = rows.map((row) => `  ${row.map((cell, i) => pad(cell, widths[i] ?? 0, i)).join('  ')}`.trimEnd());
  const notes = remarks.map((remark) => `  ${remark}`);
  return [`${title} (${runs} ${runs === 1 ? 'run' : 'runs'})`, ...lines, ...notes].join('\n');
}

function cells({ name, unit, median, min, max, goal, reached }: SummedFigure, runs: number): readonly string[] {
  const spread = runs > 1 ? `${number(min)} … ${number(max)}` : '';
  const verdict = goal === undefined ? '' : `wanted ${boundText(goal)}${reached === true ? '' : ': MISSED'}`;
  return [name, `${number(median)} ${unit}`, spread, verdict];
}

function pad(cell: string, width: number, column: number): string {
  return column === 0 || column === 3 ? cell.padEnd(width) : cell.padStart(width);
}

function boundText(bound: Bound): string {
  return 'atLeast' in bound ? `>= ${number(bound.atLeast)}` : `<= ${number(bound.atMost)}`;
}

function number(value: number): string {
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return Number(value.toFixed(digits)).toLocaleString('en-US', { maximumFractionDigits: digits });
}
