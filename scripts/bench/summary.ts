import type { Benchmark, Bound, Figure, BenchmarkResult } from './benchmark.js';
import { median } from './statistics.js';

/** One figure over all runs. */
export interface SummedFigure extends Omit<Figure, 'value'> {
  readonly median: number;
  readonly min: number;
  readonly max: number;
  /** One value for each run that had the figure. */
  readonly values: readonly number[];
  /** Whether the median is what was wanted; null when nothing was. */
  readonly reached: boolean | null;
}

/** One benchmark over all its runs. */
export interface Summary {
  readonly title: string;
  readonly runs: number;
  readonly figures: readonly SummedFigure[];
  readonly remarks: readonly string[];
}

/** Figures in the order of their first appearance. */
export function summaryOf({ title }: Pick<Benchmark, 'title'>, findings: readonly BenchmarkResult[]): Summary {
  const byName = new Map<string, Figure[]>();
  for (const figure of findings.flatMap(({ figures }) => figures)) {
    byName.set(figure.name, [...(byName.get(figure.name) ?? []), figure]);
  }
  const remarks = new Set(findings.flatMap((found) => found.remarks ?? []));
  return { title, runs: findings.length, figures: [...byName.values()].flatMap(summed), remarks: [...remarks] };
}

/** What was wanted and not reached: title and name of each figure. */
export function missedGoals(summaries: readonly Summary[]): readonly string[] {
  return summaries.flatMap(({ title, figures }) =>
    figures.filter(({ reached }) => reached === false).map(({ name }) => `${title}: ${name}`),
  );
}

function summed(figures: readonly Figure[]): SummedFigure[] {
  const [first] = figures;
  if (first === undefined) return [];
  const { name, unit, goal } = first;
  const values = figures.map(({ value }) => value);
  const middle = median(values);
  return [
    {
      name,
      unit,
      ...(goal === undefined ? {} : { goal }),
      median: middle,
      min: Math.min(...values),
      max: Math.max(...values),
      values,
      reached: goal === undefined ? null : isWithin(middle, goal),
    },
  ];
}

function isWithin(value: number, bound: Bound): boolean {
  return 'atLeast' in bound ? value >= bound.atLeast : value <= bound.atMost;
}
