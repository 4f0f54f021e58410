/** One sample of a scrape. */
export interface Sample {
  /** Without the service's prefix. */
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** A scrape in the text format of Prometheus. */
export class PrometheusSamples {
  private readonly types: ReadonlyMap<string, string>;
  readonly all: readonly Sample[];

  constructor(readonly text: string) {
    this.types = new Map(
      [...text.matchAll(/^# TYPE token_deployer_(\w+) (\w+)$/gm)].map(([, name = '', type = '']) => [name, type]),
    );
    this.all = [...text.matchAll(/^token_deployer_(\w+)(?:\{(.*)\})? (\S+)$/gm)].map(
      ([, name = '', labels = '', value]) => ({
        name,
        labels: Object.fromEntries(
          [...labels.matchAll(/(\w+)="([^"]*)"/g)].map(([, label = '', is = '']) => [label, is]),
        ),
        value: Number(value),
      }),
    );
  }

  get names(): readonly string[] {
    return [...this.types.keys()];
  }

  of(name: string): readonly Sample[] {
    return this.all.filter((sample) => sample.name === name);
  }

  /** Every counter that has counted something, as `name{label values}`. */
  get counted(): Readonly<Record<string, number>> {
    const counters = this.all.filter(({ name, value }) => this.types.get(name) === 'counter' && value !== 0);
    return Object.fromEntries(counters.map(({ name, labels, value }) => [keyOf(name, labels), value]));
  }

  /** Observations of a histogram by its label values, but for those that were never made. */
  observed(histogram: string): Readonly<Record<string, number>> {
    const counts = this.of(`${histogram}_count`).filter(({ value }) => value !== 0);
    return Object.fromEntries(counts.map(({ labels, value }) => [Object.values(labels).join(' '), value]));
  }
}

function keyOf(name: string, labels: Sample['labels']): string {
  const values = Object.values(labels).join(',');
  return values === '' ? name : `${name}{${values}}`;
}
