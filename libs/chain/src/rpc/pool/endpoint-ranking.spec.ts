import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Candidate, pickEndpoint, rankEndpoints } from './endpoint-ranking.js';

const candidate = (head: number | null, latencyMs: number | null): Candidate => ({ head, latencyMs });

describe('rankEndpoints', () => {
  it('sorts by head, then latency, then the given order', () => {
    const [low, slow, quick, unknown] = [
      candidate(9, 1),
      candidate(10, 80),
      candidate(10, 20),
      candidate(null, null),
    ] as const;
    expect(rankEndpoints([unknown, low, slow, quick])).toEqual([quick, slow, low, unknown]);
    const twin = candidate(10, 20);
    expect(rankEndpoints([quick, twin])[0]).toBe(quick);
  });
});

describe('pickEndpoint', () => {
  const current = candidate(100, 200);

  it.each([
    ['two blocks ahead', candidate(102, 900), true],
    ['one block ahead and as slow', candidate(101, 200), false],
    ['at the same block and twice as fast', candidate(100, 100), true],
    ['at the same block and slightly faster', candidate(100, 140), false],
    ['a block behind and much faster', candidate(99, 1), false],
    ['at the same block, and never timed', candidate(100, null), false],
  ])('switches to an endpoint that is %s: %s', (_what, other, moves) => {
    expect(pickEndpoint([current, other], current)).toBe(moves ? other : current);
  });

  it('stays when the latency differs by less than the minimum', () => {
    const quick = candidate(100, 20);
    expect(pickEndpoint([quick, candidate(100, 1)], quick)).toBe(quick);
  });

  it('picks the best endpoint without a current one, and undefined for no candidates', () => {
    const best = candidate(101, 500);
    expect(pickEndpoint([candidate(100, 1), best], current)).toBe(best);
    expect(pickEndpoint([candidate(100, 1), best], null)).toBe(best);
    expect(pickEndpoint([], current)).toBeUndefined();
  });

  const candidates = fc.array(
    fc.record({
      head: fc.option(fc.integer({ min: 95, max: 105 })),
      latencyMs: fc.option(fc.integer({ min: 1, max: 1_000 })),
    }),
    { minLength: 1, maxLength: 6 },
  );

  it('stays with its choice when nothing has changed', () => {
    fc.assert(
      fc.property(candidates, fc.nat(), (all, index) => {
        const first = pickEndpoint(all, all[index % all.length] ?? null) ?? null;
        expect(pickEndpoint(all, first)).toBe(first);
      }),
    );
  });

  it('never switches to a lower head', () => {
    fc.assert(
      fc.property(candidates, fc.nat(), (all, index) => {
        const before = all[index % all.length] ?? null;
        expect(pickEndpoint(all, before)?.head ?? -1).toBeGreaterThanOrEqual(before?.head ?? -1);
      }),
    );
  });
});
