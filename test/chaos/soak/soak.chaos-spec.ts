import { expect, it } from 'vitest';
import { SoakRun } from './soak-run.js';
import { soakTable } from './soak-table.js';

const SEED = Number(process.env['CHAOS_SEED'] ?? 5);

it.each([
  { backend: 'factory', models: 120 },
  // Two transactions for each model, each as large as fifty of the factory's.
  { backend: 'token-manager', models: 60 },
] as const)(
  'settles every message once on $backend while replicas with three accounts are killed -9',
  async (what) => {
    const settings = { seed: SEED, pushMs: 30_000, killEveryMs: 1_000, faultEveryMs: 1_500, replicas: 3 };
    const report = await SoakRun.run({ ...what, ...settings });
    process.stdout.write(`${soakTable(SEED, report)}\n`);
    expect(report.violations, `CHAOS_SEED=${SEED}`).toEqual([]);
    // A soak without a killed replica proves nothing.
    expect(report.kills).toBeGreaterThan(0);
    expect(report.faults.size).toBeGreaterThan(4);
  },
  240_000,
);
