import { describe, expect, it } from 'vitest';
import { age, count, counted, gwei, instant, laidOut, short } from './format.js';

describe('age', () => {
  it.each([
    [null, '–'],
    [-3, '0 s'],
    [0.9, '0 s'],
    [59.9, '59 s'],
    [60, '1 min'],
    [185, '3 min 5 s'],
    [3600, '1 h'],
    [7260, '2 h 1 min'],
    [86_400, '1 d'],
    [200_000, '2 d 7 h'],
  ])('of %s s is %s', (seconds, text) => {
    expect(age(seconds)).toBe(text);
  });
});

describe('numbers', () => {
  it('mark thousands and keep one decimal', () => {
    expect([count(0), count(1234567), count(12.34), gwei('2500000000'), gwei('1')]).toEqual([
      '0',
      '1,234,567',
      '12.3',
      '2.5 gwei',
      '0 gwei',
    ]);
  });

  it('have a noun in the right number', () => {
    expect([counted(1, 'token'), counted(2, 'token'), counted(0, 'entry', 'entries')]).toEqual([
      '1 token',
      '2 tokens',
      '0 entries',
    ]);
  });
});

describe('instant', () => {
  it.each([
    ['2026-03-01T12:00:00.345678+00:00', '2026-03-01 12:00:00'],
    ['2026-03-01T14:00:00+02:00', '2026-03-01 12:00:00'],
    ['<b>yesterday</b>', '<b>yesterday</b>'],
    [null, '–'],
  ])('of %s is %s', (iso, text) => {
    expect(instant(iso)).toBe(text);
  });
});

describe('texts', () => {
  it('shorten what is long', () => {
    expect(short('0x5FbDB2315678afecb367f032d93F642f64180aa3')).toBe('0x5FbDB2…0aa3');
    expect(short('plain')).toBe('plain');
  });

  it('lay JSON out and leave text as it is', () => {
    expect(laidOut({ a: [1] })).toBe('{\n  "a": [\n    1\n  ]\n}');
    expect(laidOut('no {JSON')).toBe('no {JSON');
  });
});
