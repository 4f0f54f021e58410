import { describe, expect, it } from 'vitest';
import { factoryRows, tokenManagerRows, type Row } from './matrix.js';

const casesOf = (rows: readonly Row[]): string[] =>
  rows.flatMap(({ step, locations }) => locations.map((location) => `${step} ${location}`));
const once = (cases: readonly string[]): string[] => [...new Set(cases)].toSorted();

describe('the crash matrix of npm test', () => {
  it('has every place of the whole matrix on the factory', () => {
    expect(once(casesOf(factoryRows(false)))).toEqual(once(casesOf(factoryRows(true))));
    expect(once(casesOf(factoryRows(true)))).toHaveLength(24);
  });

  it('has two replicas where something changes hands', () => {
    const rows = factoryRows(false).filter(({ replicas }) => replicas === 2);

    expect(rows.flatMap(({ locations }) => locations)).toEqual([
      'committed',
      'sending',
      'final',
      'recovered',
      'adopted',
      'failed',
    ]);
  });

  it('has every place on the TokenManager where something changes hands once, at each step that has it', () => {
    const cases = casesOf(tokenManagerRows(false));
    const locations = new Set(cases.map((each) => each.split(' ')[1]));
    const expected = casesOf(tokenManagerRows(true)).filter((each) => locations.has(each.split(' ')[1]));

    expect(cases.toSorted()).toEqual(once(expected));
    expect(locations.size).toBe(11);
  });
});
