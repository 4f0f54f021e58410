import { afterAll, beforeAll, expect, it } from 'vitest';
import { FactoryEnvironment } from './factory-environment.js';
import { RandomKills } from './random-kills.js';

const SEED = Number(process.env['CHAOS_SEED'] ?? 11);
const ROUNDS = Number(process.env['CRASH_ROUNDS'] ?? 10);

let site: FactoryEnvironment;
beforeAll(async () => {
  site = await FactoryEnvironment.start();
});
afterAll(() => site.stop());

it(
  'loses nothing and does nothing twice, whatever the instants at which replicas are killed -9',
  async () => {
    const { wrong, disturbing } = await RandomKills.carryOut(site, SEED, ROUNDS);
    expect(wrong, `CHAOS_SEED=${SEED}`).toEqual([]);
    // Kills that nobody noticed prove nothing.
    expect(disturbing).toBeGreaterThanOrEqual(ROUNDS / 3);
  },
  120_000 + ROUNDS * 20_000,
);
