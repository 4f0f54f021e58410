import { expect, it } from 'vitest';
import { SoakRun } from './soak-run.js';
import { soakTable } from './soak-table.js';

const SEED = Number(process.env['CHAOS_SEED'] ?? 5);

it('settles every message once while replicas with three accounts are killed -9 over and over', async () => {
  const settings = { seed: SEED, models: 120, pushMs: 12_000, killEveryMs: 1_000, replicas: 3 };
  const report = await SoakRun.carryOut(settings);
  process.stdout.write(`${soakTable(SEED, report)}\n`);
  expect(report.violations, `CHAOS_SEED=${SEED}`).toEqual([]);
  // A soak in which nobody died proves nothing.
  expect(report.kills).toBeGreaterThan(0);
}, 240_000);
