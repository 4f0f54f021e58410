import type { Benchmark } from './benchmark.js';
import { DeployBenchmark } from './deploy/deploy-benchmark.js';
import { ManagedBenchmark } from './deploy/managed-benchmark.js';
import { FootprintBenchmark } from './footprint/footprint-benchmark.js';
import { GasBenchmark } from './gas/gas-benchmark.js';
import { LatencyBenchmark } from './latency/latency-benchmark.js';
import { QueueBenchmark } from './queue/queue-benchmark.js';
import type { BenchmarkName, BenchOptions } from './options.js';

/** What the command line asks for, in its order. */
export function benchmarksFor(options: BenchOptions): readonly Benchmark[] {
  return options.names.flatMap((name) => BENCHMARKS[name](options));
}

const BENCHMARKS: Readonly<Record<BenchmarkName, (options: BenchOptions) => readonly Benchmark[]>> = {
  gas: () => [new GasBenchmark()],
  deploy: ({ backend, messages, blocks, keys }) =>
    backend === 'factory'
      ? blocks.map((block) => new DeployBenchmark({ messages, block, keys }))
      : blocks.filter((block) => block !== 'instant').map((block) => new ManagedBenchmark({ messages, block, keys })),
  queue: () => [new QueueBenchmark()],
  latency: ({ seconds }) => [new LatencyBenchmark(seconds)],
  footprint: () => [new FootprintBenchmark()],
};
