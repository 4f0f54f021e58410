import { describe, expect, it } from 'vitest';
import { median, percentile } from './statistics.js';

describe('statistics', () => {
  it.each([
    [[3], 3],
    [[3, 1, 2], 2],
    [[10, 2], 6],
    [[100, 20, 3], 20],
  ])('the median of %j is %d', (values, expected) => {
    expect(median(values)).toBe(expected);
  });

  it('interpolates percentiles between neighbours', () => {
    const values = Array.from({ length: 101 }, (_, n) => 100 - n);
    expect(percentile(values, 0.99)).toBe(99);
    expect(percentile([0, 10], 0.75)).toBe(7.5);
  });

  it('has no percentile of nothing', () => {
    expect(() => median([])).toThrow(RangeError);
  });
});
