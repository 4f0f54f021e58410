import { describe, expect, it } from 'vitest';
import { positionAfter, fromCursor, markOf, OLDEST, toCursor } from './dead-letter-cursor.js';

describe('DeadLetterCursor', () => {
  it('round-trips a position', () => {
    const place = positionAfter(positionAfter(OLDEST, [Buffer.from('a')]), [Buffer.from('b')]);
    expect(place).toEqual({ offset: 2, marks: [markOf(Buffer.from('a')), markOf(Buffer.from('b'))] });
    expect(fromCursor(toCursor(place))).toEqual(place);
    expect(fromCursor(toCursor(OLDEST))).toEqual(OLDEST);
  });

  it('advances by several entries as by single ones', () => {
    const elements = Array.from({ length: 20 }, (_, i) => Buffer.from(String(i)));
    const oneByOne = elements.reduce((place, element) => positionAfter(place, [element]), OLDEST);
    expect(positionAfter(OLDEST, elements)).toEqual(oneByOne);
  });

  it('keeps the marks of at most sixteen entries', () => {
    let place = OLDEST;
    for (let i = 0; i < 40; i += 1) place = positionAfter(place, [Buffer.from(String(i))]);
    expect(place.offset).toBe(40);
    expect(place.marks).toHaveLength(16);
    expect(place.marks.at(-1)).toBe(markOf(Buffer.from('39')));
    expect(toCursor(place).length).toBeLessThan(150);
  });
});
