import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

/** Every value that each label may take; an empty list for values that are known only later. */
type LabelValues<L extends string> = Readonly<Record<L, readonly string[]>>;

/**
 * Declares metrics under the service's prefix on one registry. A closed label set is there with 0 from the start: a
 * counter born at 1 never fires `increase() > 0`.
 */
export class MetricFactory {
  constructor(
    private readonly registry: Registry,
    private readonly prefix: string,
  ) {}

  counter<L extends string = never>(name: string, help: string, labels?: LabelValues<L>): Counter<L> {
    const counter = new Counter(this.shape(name, help, labels));
    for (const labelSet of combinations(labels)) counter.inc(labelSet, 0);
    return counter;
  }

  gauge<L extends string = never>(name: string, help: string, labels?: LabelValues<L>): Gauge<L> {
    const gauge = new Gauge(this.shape(name, help, labels));
    for (const labelSet of combinations(labels)) gauge.set(labelSet, 0);
    return gauge;
  }

  histogram<L extends string = never>(
    name: string,
    help: string,
    buckets: readonly number[],
    labels?: LabelValues<L>,
  ): Histogram<L> {
    const histogram = new Histogram({ ...this.shape(name, help, labels), buckets: [...buckets] });
    for (const labelSet of combinations(labels)) histogram.zero(labelSet);
    return histogram;
  }

  private shape<L extends string>(name: string, help: string, labels: LabelValues<L> | undefined) {
    return { name: `${this.prefix}${name}`, help, labelNames: labelNames(labels), registers: [this.registry] };
  }
}

function labelNames<L extends string>(labels: LabelValues<L> | undefined): L[] {
  const names: L[] = [];
  for (const name in labels) names.push(name);
  return names;
}

/** Every combination of the label values; none when a label is open. */
function combinations<L extends string>(labels: LabelValues<L> | undefined): Partial<Record<L, string>>[] {
  let sets: Partial<Record<L, string>>[] = labels === undefined ? [] : [{}];
  for (const name of labelNames(labels)) {
    const values = labels?.[name] ?? [];
    sets = sets.flatMap((set) => values.map((value) => Object.assign({}, set, { [name]: value })));
  }
  return sets;
}
