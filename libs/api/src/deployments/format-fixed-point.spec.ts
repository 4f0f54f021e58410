import { describe, expect, it } from 'vitest';
import { toFixedPoint } from '#core';
import { formatFixedPoint } from './format-fixed-point.js';

describe('fixedPointText', () => {
  it.each(['0', '1', '-1', '0.85', '-0.000000000000000001', '123456789.5', '-100'])('gives back %s', (text) => {
    expect(formatFixedPoint(toFixedPoint(text) ?? -7n)).toBe(text);
  });
});
