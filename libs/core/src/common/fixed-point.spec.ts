import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatFixedPoint, toFixedPoint } from './fixed-point.js';

const ONE = 10n ** 18n;

describe('toFixedPoint', () => {
  it.each([
    ['0', 0n],
    ['-0', 0n],
    ['1', ONE],
    ['+1.', ONE],
    ['.5', ONE / 2n],
    ['0.85', 850_000_000_000_000_000n],
    ['-1.5', (-ONE * 3n) / 2n],
    ['1e-18', 1n],
    ['1E3', 1_000n * ONE],
    ['12.5e+1', 125n * ONE],
    ['1.2345678901234567e-05', 12_345_678_901_235n],
  ])('reads %j as %s', (text, value) => {
    expect(toFixedPoint(text)).toBe(value);
  });

  it.each([
    ['4e-19', 0n],
    ['5e-19', 1n],
    ['-5e-19', -1n],
    ['1.0000000000000000005', ONE + 1n],
    ['1.0000000000000000004', ONE],
  ])('rounds %j half away from zero, to %s', (text, value) => {
    expect(toFixedPoint(text)).toBe(value);
  });

  it.each(['', '.', '-', 'e5', '1e', 'NaN', 'Infinity', '0x10', '1_000', ' 1', '1e99999', '1,5'])(
    'refuses %j',
    (text) => {
      expect(toFixedPoint(text)).toBeNull();
    },
  );

  it('parses every amount with at most 18 decimals', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 255n), max: 2n ** 255n - 1n }), (amount) => {
        const magnitude = (amount < 0n ? -amount : amount).toString().padStart(19, '0');
        const text = `${amount < 0n ? '-' : ''}${magnitude.slice(0, -18)}.${magnitude.slice(-18)}`;
        expect(toFixedPoint(text)).toBe(amount);
      }),
    );
  });

  it('rounds every JavaScript number to the nearest last decimal', () => {
    fc.assert(
      fc.property(fc.double({ min: -1e6, max: 1e6, noNaN: true }), (number) => {
        const error = Math.abs(Number(toFixedPoint(String(number))) / 1e18 - number);
        expect(error).toBeLessThanOrEqual(0.5e-18 + Math.abs(number) * 2 ** -51);
      }),
    );
  });
});

describe('formatFixedPoint', () => {
  it.each(['0', '1', '-1', '0.85', '-0.000000000000000001', '123456789.5', '-100'])('gives back %s', (text) => {
    expect(formatFixedPoint(toFixedPoint(text) ?? -7n)).toBe(text);
  });
});
