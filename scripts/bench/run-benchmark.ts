import type { Benchmark, BenchmarkResult } from './benchmark.js';
import { type Summary, summaryOf } from './summary.js';

/** Runs a benchmark several times; says on stderr where it is. */
export async function runBenchmark(benchmark: Benchmark, runs: number): Promise<Summary> {
  const findings: BenchmarkResult[] = [];
  for (let run = 1; run <= runs; run += 1) {
    console.error(`${benchmark.title}: run ${run} of ${runs} …`);
    findings.push(await benchmark.run());
  }
  return summaryOf(benchmark, findings);
}
