import { expect, it } from 'vitest';
import { FAULT_KINDS, planFaults } from './fault-plan.js';

it('is the same for the same seed, and another for another', () => {
  expect(planFaults(42, 20_000)).toEqual(planFaults(42, 20_000));
  expect(planFaults(42, 20_000)).not.toEqual(planFaults(43, 20_000));
});

it('has faults of every kind, in order, within its time', () => {
  const plan = planFaults(1, 120_000);
  expect(new Set(plan.map(({ kind }) => kind))).toEqual(new Set(FAULT_KINDS));
  expect(plan.map(({ at }) => at)).toEqual(plan.map(({ at }) => at).toSorted((a, b) => a - b));
  expect(plan.at(-1)?.at).toBeLessThan(120_000);
});
