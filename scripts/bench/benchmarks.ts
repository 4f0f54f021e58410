import type { Benchmark } from './benchmark.js';
import { DeployBenchmark } from './deploy/deploy-benchmark.js';
import { TokenManagerBenchmark } from './deploy/token-manager-benchmark.js';
import { FootprintBenchmark } from './footprint/footprint-benchmark.js';
import { GasBenchmark } from './gas/gas-benchmark.js';
import { LatencyBenchmark } from './latency/latency-benchmark.js';
import { QueueBenchmark } from './queue/queue-benchmark.js';
import { RpcBenchmark } from './rpc/rpc-benchmark.js';
import type { BackendRuns, BenchmarkName, BenchOptions, Registry } from './options.js';

/** What the command line asks for, in its order. */
export function benchmarksFor(options: BenchOptions): readonly Benchmark[] {
  return options.names.flatMap((name) => BENCHMARKS[name](options));
}

const BENCHMARKS: Readonly<Record<BenchmarkName, (options: BenchOptions) => readonly Benchmark[]>> = {
  gas: () => [new GasBenchmark()],
  deploy: (options) =>
    options.backends.flatMap((runs) =>
      runs.backend === 'factory' ? factoryBenchmarks(runs, options) : tokenManagerBenchmarks(runs, options),
    ),
  queue: () => [new QueueBenchmark()],
  latency: ({ seconds }) => [new LatencyBenchmark(seconds ?? 30)],
  footprint: () => [new FootprintBenchmark()],
  rpc: ({ heads, seconds }) => heads.map((each) => new RpcBenchmark(each, seconds ?? 600)),
};

function factoryBenchmarks({ messages, blocks }: BackendRuns, { keys }: BenchOptions): readonly Benchmark[] {
  return blocks.map((block) => new DeployBenchmark({ messages, block, keys: keys ?? 1 }));
}

/** A transaction for each token: only the room in blocks that come by the clock is worth measuring. */
function tokenManagerBenchmarks(
  { messages, blocks }: BackendRuns,
  { keys, registries }: BenchOptions,
): readonly Benchmark[] {
  const timed = blocks.filter((block) => block !== 'instant');
  return timed.flatMap((block) =>
    registries.flatMap((registry) =>
      (keys === null ? DEFAULT_KEYS[registry] : [keys]).map(
        (count) => new TokenManagerBenchmark({ messages, block, registry, keys: count }),
      ),
    ),
  );
}

const DEFAULT_KEYS: Readonly<Record<Registry, readonly number[]>> = { governance: [1], own: [1, 2] };
