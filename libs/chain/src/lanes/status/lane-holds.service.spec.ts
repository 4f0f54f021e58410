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
    lanes.add('first');
    lanes.add('second');
  });

  const reasons = () => holds.list().map(({ reason }) => reason);

  it('lets the service go on while one lane can send', () => {
    lanes.set('first', POOR);
    expect(reasons()).toEqual([]);
  });

  it('holds the service, and says why, when no lane can send', () => {
    lanes.set('first', POOR);
    lanes.set('second', DEAR);
    expect(reasons().toSorted()).toEqual(['fee_above_cap', 'insufficient_funds']);
    expect(holds.list().find(({ reason }) => reason === 'insufficient_funds')?.detail).toBe('first is empty');
  });

  it('goes on as soon as one lane can send again', () => {
    lanes.set('first', POOR);
    lanes.set('second', DEAR);
    lanes.clear('second');
    expect(reasons()).toEqual([]);
  });

  it('does not count a lane that another replica has', () => {
    lanes.set('first', POOR);
    lanes.remove('second');
    expect(reasons()).toEqual(['insufficient_funds']);
    lanes.remove('first');
    expect(reasons()).toEqual([]);
  });

  it('does not touch holds of others', () => {
    holds.set('paused', 'by an operator');
    lanes.set('first', POOR);
    lanes.clear('first');
    expect(reasons()).toEqual(['paused']);
  });

  it('tells a lane whether it has to do for others', () => {
    const beside = () => [lanes.hasOtherFreeLane('first'), lanes.hasOtherFreeLane('second')];
    expect(beside()).toEqual([true, true]);
    lanes.set('second', POOR);
    expect(beside()).toEqual([false, true]);
    lanes.clear('second');
    lanes.remove('first');
    expect(beside()).toEqual([true, false]);
  });
});
