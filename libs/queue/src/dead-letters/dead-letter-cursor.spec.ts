import { describe, expect, it } from 'vitest';
import { positionAfter, fromCursor, markOf, OLDEST, toCursor } from './dead-letter-cursor.js';

describe('a place in the dead letters', () => {
  it('survives the way through a cursor', () => {
    const place = positionAfter(positionAfter(OLDEST, [Buffer.from('a')]), [Buffer.from('b')]);
    expect(place).toEqual({ offset: 2, marks: [markOf(Buffer.from('a')), markOf(Buffer.from('b'))] });
    expect(fromCursor(toCursor(place))).toEqual(place);
    expect(fromCursor(toCursor(OLDEST))).toEqual(OLDEST);
  });

  it('is the same behind many entries at once as behind one after the other', () => {
    const elements = Array.from({ length: 20 }, (_, i) => Buffer.from(String(i)));
    const oneByOne = elements.reduce((place, element) => positionAfter(place, [element]), OLDEST);
    expect(positionAfter(OLDEST, elements)).toEqual(oneByOne);
  });

  it('remembers the last sixteen entries, so that a cursor stays short', () => {
    let place = OLDEST;
    for (let i = 0; i < 40; i += 1) place = positionAfter(place, [Buffer.from(String(i))]);
    expect(place.offset).toBe(40);
    expect(place.marks).toHaveLength(16);
    expect(place.marks.at(-1)).toBe(markOf(Buffer.from('39')));
    expect(toCursor(place).length).toBeLessThan(150);
  });
});
