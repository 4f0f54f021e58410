import { afterAll, beforeAll, expect, it } from 'vitest';
import { FactoryEnvironment } from './factory-environment.js';
import { RandomKills } from './random-kills.js';

const SEED = Number(process.env['CHAOS_SEED'] ?? 11);
const ROUNDS = Number(process.env['CRASH_ROUNDS'] ?? 10);

let environment: FactoryEnvironment;
beforeAll(async () => {
  environment = await FactoryEnvironment.start();
});
afterAll(() => environment.stop());

it(
  'loses nothing and does nothing twice when replicas are killed -9 at random instants',
  async () => {
    const { violations, disturbing } = await RandomKills.carryOut(environment, SEED, ROUNDS);
    expect(violations, `CHAOS_SEED=${SEED}`).toEqual([]);
    // Kills of idle replicas prove nothing.
    expect(disturbing).toBeGreaterThanOrEqual(ROUNDS / 3);
  },
  120_000 + ROUNDS * 20_000,
);
