import { describe, expect, it } from 'vitest';
import { missedGoals, summaryOf } from '../summary.js';
import type { BlockCapacity } from './block-capacity.js';
import { shares } from './token-manager-benchmark.js';

const room = (deployments: number): BlockCapacity => ({
  number: 1,
  deployments,
  registrations: 0,
  gasUsed: 59_000_000,
  gasLimit: 60_000_000,
  possible: 15,
});
const missed = (...rooms: readonly BlockCapacity[]) =>
  missedGoals([summaryOf({ title: 'run' }, [{ figures: shares(rooms) }])]);

describe('What a run on the TokenManager should be', () => {
  it('is full blocks', () => {
    expect(missed(room(15), room(14))).toEqual([]);
    expect(missed(room(15), room(15), room(8))).toEqual(['run: deployments of those that its gas allows, least']);
  });

  it('is not a run in which no block could be full', () => {
    expect(missed()).toEqual(['run: blocks with a backlog']);
  });
});
