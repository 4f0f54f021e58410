/** What a figure should be. */
export type Bound = { readonly atLeast: number } | { readonly atMost: number };

/** One number of one run. */
export interface Figure {
  readonly name: string;
  readonly unit: string;
  readonly value: number;
  readonly goal?: Bound;
}

/** What one run found. */
export interface BenchmarkResult {
  readonly figures: readonly Figure[];
  /** What a reader must know to read the figures rightly. */
  readonly remarks?: readonly string[];
}

/** Something that can be measured again and again, each time with servers of its own. */
export interface Benchmark {
  readonly title: string;
  /** Runs when the command line does not say how many. */
  readonly runs: number;
  /** Leaves nothing behind, also when it fails. */
  run(): Promise<BenchmarkResult>;
}
