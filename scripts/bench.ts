// `npm run bench -- all`: measures what the documentation claims, on this machine, with servers of its own.
// Exits 1 when a figure is not what is wanted.
import { benchmarksFor } from './bench/benchmarks.js';
import { describeMachine } from './bench/machine.js';
import { Disposables } from './bench/disposables.js';
import { benchOptions } from './bench/options.js';
import { runBenchmark } from './bench/run-benchmark.js';
import { missedGoals, type Summary } from './bench/summary.js';
import { heading, table } from './bench/table.js';
import { waitForSignal } from './quickstart/wait-for-signal.js';

void waitForSignal().then(async () => {
  await Disposables.disposeAll();
  process.exit(130);
});

try {
  const options = benchOptions(process.argv.slice(2));
  const machine = await describeMachine();
  if (!options.json) console.log(heading(machine));
  const summaries: Summary[] = [];
  for (const benchmark of benchmarksFor(options)) {
    const summary = await runBenchmark(benchmark, options.runs ?? benchmark.runs);
    summaries.push(summary);
    if (!options.json) console.log(`\n${table(summary)}`);
  }
  if (options.json) console.log(JSON.stringify({ machine, benchmarks: summaries }, null, 2));
  for (const missed of missedGoals(summaries)) {
    console.error(`missed: ${missed}`);
    process.exitCode = 1;
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
process.exit();
