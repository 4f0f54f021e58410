import { beforeEach, describe, expect, it } from 'vitest';
import { Held, Holds } from '#core';
import { LaneHolds } from './lane-holds.js';

const POOR = new Held('insufficient_funds', 'first is empty');
const DEAR = new Held('fee_above_cap', 'gas costs too much');

describe('LaneHolds', () => {
  let holds: Holds;
  let lanes: LaneHolds;
  beforeEach(() => {
    holds = new Holds();
    lanes = new LaneHolds(holds);
    lanes.enter('first');
    lanes.enter('second');
  });

  const reasons = () => holds.list().map(({ reason }) => reason);

  it('lets the service go on while one lane can send', () => {
    lanes.hold('first', POOR);
    expect(reasons()).toEqual([]);
  });

  it('holds the service, and says why, when no lane can send', () => {
    lanes.hold('first', POOR);
    lanes.hold('second', DEAR);
    expect(reasons().toSorted()).toEqual(['fee_above_cap', 'insufficient_funds']);
    expect(holds.list().find(({ reason }) => reason === 'insufficient_funds')?.detail).toBe('first is empty');
  });

  it('goes on as soon as one lane can send again', () => {
    lanes.hold('first', POOR);
    lanes.hold('second', DEAR);
    lanes.lift('second');
    expect(reasons()).toEqual([]);
  });

  it('does not count a lane that another replica has', () => {
    lanes.hold('first', POOR);
    lanes.leave('second');
    expect(reasons()).toEqual(['insufficient_funds']);
    lanes.leave('first');
    expect(reasons()).toEqual([]);
  });

  it('does not touch holds of others', () => {
    holds.hold('paused', 'by an operator');
    lanes.hold('first', POOR);
    lanes.lift('first');
    expect(reasons()).toEqual(['paused']);
  });

  it('tells a lane whether it has to do for others', () => {
    const beside = () => [lanes.isFreeBeside('first'), lanes.isFreeBeside('second')];
    expect(beside()).toEqual([true, true]);
    lanes.hold('second', POOR);
    expect(beside()).toEqual([false, true]);
    lanes.lift('second');
    lanes.leave('first');
    expect(beside()).toEqual([true, false]);
  });
});
