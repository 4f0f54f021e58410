import { expect, it } from 'vitest';
import { ChaosRun } from './chaos-run.js';
import { reportTable } from './report.js';

// The plan of 29 has every fault three times or more.
const SEED = Number(process.env['CHAOS_SEED'] ?? 29);

it('M1: acknowledges or dead-letters every message once under any fault, and leaves nothing behind', async () => {
  const report = await ChaosRun.run({ seed: SEED, messages: 6_000, faultsMs: 45_000 });
  process.stdout.write(`${reportTable(SEED, report)}\n`);
  expect(report.violations, `CHAOS_SEED=${SEED}`).toEqual([]);
  expect(report.counts.done + report.counts.died - report.counts.replayed).toBe(report.counts.pushed);
  // A run in which nothing went wrong proves nothing.
  expect(report.faults.size).toBeGreaterThan(8);
}, 240_000);
