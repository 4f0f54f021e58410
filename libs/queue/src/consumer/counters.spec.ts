import { describe, expect, it } from 'vitest';
import { firstCounters, unpackCounters } from './counters.js';

describe('unpackCounters', () => {
  it('parses packed counters', () => {
    const counters = { deliveries: 3, attempts: 2, replays: 1, firstSeenAt: 1_700_000_000_000 };
    expect(unpackCounters('3 2 1 1700000000000 1700000000999')).toEqual(counters);
  });

  it.each(['', '1', '1 0 0 5', '1 0 0 5 x', '1 0 0 5 1.5'])('throws for %j', (packed) => {
    expect(() => unpackCounters(packed)).toThrow(RangeError);
  });
});

it('starts a first delivery with zero attempts', () => {
  expect(firstCounters(7)).toEqual({ deliveries: 1, attempts: 0, replays: 0, firstSeenAt: 7 });
});
