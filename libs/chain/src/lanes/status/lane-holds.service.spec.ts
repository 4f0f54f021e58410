import { beforeEach, describe, expect, it } from 'vitest';
import { HoldError, HoldRegistry } from '#core';
import { LaneHolds } from './lane-holds.service.js';

const POOR = new HoldError('insufficient_funds', 'first is empty');
const DEAR = new HoldError('fee_above_cap', 'gas costs too much');

describe('LaneHolds', () => {
  let holds: HoldRegistry;
  let lanes: LaneHolds;
  beforeEach(() => {
    holds = new HoldRegistry();
    lanes = new LaneHolds(holds);
    lanes.clear('first');
    lanes.clear('second');
  });

  const reasons = () => holds.list().map(({ reason }) => reason);

  it('sets no hold while one lane can send', () => {
    lanes.set('first', POOR);
    expect(reasons()).toEqual([]);
  });

  it('sets the hold with its reason when no lane can send', () => {
    lanes.set('first', POOR);
    lanes.set('second', DEAR);
    expect(reasons().toSorted()).toEqual(['fee_above_cap', 'insufficient_funds']);
    expect(holds.list().find(({ reason }) => reason === 'insufficient_funds')?.detail).toBe('first is empty');
  });

  it('clears the hold when one lane can send again', () => {
    lanes.set('first', POOR);
    lanes.set('second', DEAR);
    lanes.clear('second');
    expect(reasons()).toEqual([]);
  });

  it('ignores a removed lane', () => {
    lanes.set('first', POOR);
    lanes.remove('second');
    expect(reasons()).toEqual(['insufficient_funds']);
    lanes.remove('first');
    expect(reasons()).toEqual([]);
  });

  it('keeps other holds', () => {
    holds.set('paused', 'by an operator');
    lanes.set('first', POOR);
    lanes.clear('first');
    expect(reasons()).toEqual(['paused']);
  });

  it('reports whether another lane is free', () => {
    const beside = () => [lanes.hasOtherFreeLane('first'), lanes.hasOtherFreeLane('second')];
    expect(beside()).toEqual([true, true]);
    lanes.set('second', POOR);
    expect(beside()).toEqual([false, true]);
    lanes.clear('second');
    lanes.remove('first');
    expect(beside()).toEqual([true, false]);
  });
});
