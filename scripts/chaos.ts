// `npm run chaos -- --minutes 30 --seed 42`: breaks connections, workers and Redis for as long as it is told, and counts every
// message afterwards. Each round prints its seed; `--seed` with it and `--minutes 0.1` plays that round again.
import { ChaosRun } from '../test/chaos/chaos-run.js';
import { MigrationRun } from '../test/chaos/migration/migration-run.js';
import { PythonConsumer } from '../test/chaos/migration/python-consumer.js';
import { chaosOptions } from './chaos/options.js';
import { heading, line, type Round, summary } from './chaos/summary.js';
import { waitForSignal } from './quickstart/wait-for-signal.js';

const ROUND = { messages: 6_000, faultsMs: 40_000 };

const stopping = new AbortController();
void waitForSignal().then(() => stopping.abort());

try {
  const { minutes, seed } = chaosOptions(process.argv.slice(2));
  await migrateFromPython();
  await runRounds(seed, Date.now() + minutes * 60_000);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
// Stops the pending work of an interrupted round.
process.exit();

async function migrateFromPython(): Promise<void> {
  await PythonConsumer.requirePython();
  const report = await MigrationRun.run((port, queue) => new PythonConsumer(port, queue), stopping.signal);
  const { pushed, handled, dead, orphaned, lost, remaining, unexpected } = report;
  console.log(
    `migration from Python and back: ${pushed} pushed, ${handled} handled, ${dead} dead, ${orphaned} orphaned`,
  );
  reportViolations([
    ...lost.map((id) => `${id} was lost`),
    ...remaining.map((key) => `${key} was left behind`),
    ...unexpected,
  ]);
}

async function runRounds(firstSeed: number, end: number): Promise<void> {
  const rounds: Round[] = [];
  console.log(`\n${heading}`);
  for (let seed = firstSeed; rounds.length === 0 || Date.now() < end; seed += 1) {
    const start = Date.now();
    const report = await ChaosRun.run({ seed, ...ROUND }, stopping.signal);
    const round = { ...report, seed, seconds: Math.round((Date.now() - start) / 1000) };
    rounds.push(round);
    console.log(line(round));
    reportViolations(round.violations);
  }
  console.log(summary(rounds));
}

function reportViolations(violations: readonly unknown[]): void {
  for (const violation of violations) console.log('  VIOLATION', violation);
  if (violations.length > 0) process.exitCode = 1;
}
