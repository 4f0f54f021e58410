import { describe, expect, it } from 'vitest';
import { missedGoals, summaryOf } from '../summary.js';
import type { BlockCapacity } from './block-capacity.js';
import { pairShares, shares } from './token-manager-benchmark.js';

const room = (deployments: number, registrations = 0): BlockCapacity => ({
  number: 1,
  deployments,
  registrations,
  gasUsed: 59_000_000,
  gasLimit: 60_000_000,
  possible: 15,
  possiblePairs: 14,
});
const missed = (...rooms: readonly BlockCapacity[]) =>
  missedGoals([summaryOf({ title: 'run' }, [{ figures: shares(rooms) }])]);

const pairs = (...rooms: readonly BlockCapacity[]) =>
  pairShares(rooms).map(({ value, goal }) => [Math.round(value), goal]);

describe('What a run on the TokenManager should be', () => {
  it('is full blocks', () => {
    expect(missed(room(15), room(14))).toEqual([]);
    expect(missed(room(15), room(15), room(8))).toEqual(['run: deployments of those that its gas allows, least']);
  });

  it('is not a run in which no block could be full', () => {
    expect(missed()).toEqual(['run: blocks with a backlog']);
  });

  it('is nine pairs of ten, the first block left out', () => {
    expect(pairs(room(15), room(14, 15), room(13, 12))).toEqual([[96, { atLeast: 90 }]]);
    expect(pairs(room(15), room(14, 2), room(14, 14))).toEqual([[57, { atLeast: 90 }]]);
    expect(pairs(room(15))).toEqual([]);
  });
});
