import { array, assert, double, integer, nat, property, record } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { linesThrough, niceCeiling } from './chart-scale.js';

const FRAME = { now: 100_000, windowMs: 100_000, gapMs: 15_000, width: 100, height: 40, ceiling: 10 };

describe('niceCeiling', () => {
  it.each([
    [0, 1],
    [1, 1],
    [1.2, 2],
    [3, 5],
    [7, 10],
    [10, 10],
    [11, 20],
    [4999, 5000],
  ])('of %d is %d', (value, ceiling) => {
    expect(niceCeiling(value)).toBe(ceiling);
  });

  it('is never below its value, and never more than two and a half times it', () => {
    assert(
      property(double({ min: 1, max: 1e12, noNaN: true }), (value) => {
        expect(niceCeiling(value)).toBeGreaterThanOrEqual(value);
        expect(niceCeiling(value)).toBeLessThanOrEqual(value * 2.5 + 1);
      }),
    );
  });
});

describe('linesThrough', () => {
  it('puts now at the right edge and zero at the bottom', () => {
    const points = [
      { at: 90_000, value: 10 },
      { at: 100_000, value: 0 },
    ];
    expect(linesThrough(points, FRAME)).toEqual([
      [
        [90, 0],
        [100, 40],
      ],
    ]);
  });

  it('leaves out what is older than the window', () => {
    expect(linesThrough([{ at: -1, value: 5 }], FRAME)).toEqual([]);
  });

  it('breaks the line where samples are missing', () => {
    const points = [10_000, 20_000, 60_000, 70_000].map((at) => ({ at, value: 1 }));
    expect(linesThrough(points, FRAME).map((line) => line.length)).toEqual([2, 2]);
  });

  it('stays within its frame', () => {
    const point = record({ at: integer({ min: 0, max: 100_000 }), value: nat(1000) });
    assert(
      property(array(point), (points) => {
        const sorted = points.toSorted((a, b) => a.at - b.at);
        for (const [x, y] of linesThrough(sorted, FRAME).flat()) {
          expect(x).toBeGreaterThanOrEqual(0);
          expect(x).toBeLessThanOrEqual(FRAME.width);
          expect(y).toBeGreaterThanOrEqual(0);
          expect(y).toBeLessThanOrEqual(FRAME.height);
        }
      }),
    );
  });
});
