// `npm run soak`: a thousand models, three replicas with three accounts between them, one kill -9 a second, and messages that
// are repeated, contradictory or broken. Ends when every message is settled, and counts everything.
import { SoakRun } from '../test/chaos/soak/soak-run.js';
import { soakTable } from '../test/chaos/soak/soak-table.js';
import { waitForSignal } from './quickstart/wait-for-signal.js';
import { soakOptions } from './soak/options.js';

const stopping = new AbortController();
void waitForSignal().then(() => stopping.abort());

try {
  const { backend, models, minutes, seed } = soakOptions(process.argv.slice(2));
  console.log(`${models} models on ${backend} over ${minutes} minutes, seed ${seed} …`);
  const settings = {
    backend,
    seed,
    models,
    pushMs: minutes * 60_000,
    killEveryMs: 1_000,
    faultEveryMs: 1_500,
    replicas: 3,
  };
  const report = await SoakRun.run(settings, stopping.signal);
  console.log(soakTable(seed, report));
  if (report.violations.length > 0) process.exitCode = 1;
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
// Stops the pending work of an interrupted soak.
process.exit();
