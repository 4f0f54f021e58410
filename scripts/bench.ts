// `npm run bench -- all`: measures what the documentation claims, on this machine, with servers of its own.
// Exits 1 when a figure is not what is wanted.
import { benchmarksFor } from './bench/benchmarks.js';
import { thisMachine } from './bench/machine.js';
import { Closing } from './bench/closing.js';
import { benchOptions } from './bench/options.js';
import { measured } from './bench/runs.js';
import { missedGoals, type Summary } from './bench/summary.js';
import { heading, table } from './bench/table.js';
import { untilAskedToStop } from './quickstart/end.js';

void untilAskedToStop().then(async () => {
  await Closing.everything();
  process.exit(130);
});

try {
  const options = benchOptions(process.argv.slice(2));
  const machine = await thisMachine();
  if (!options.json) console.log(heading(machine));
  const summaries: Summary[] = [];
  for (const benchmark of benchmarksFor(options)) {
    const summary = await measured(benchmark, options.runs ?? benchmark.runs);
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
