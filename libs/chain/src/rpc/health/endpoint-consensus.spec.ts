import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  checkpointChain,
  type EndpointObservation,
  type EndpointStatus,
  assessEndpoints,
} from './endpoint-consensus.js';

const LIMITS = { blocks: 5, seconds: 60 };
const NOTHING = { checkpoint: null, head: null };

const sighting = (name: string, changes: Partial<EndpointObservation> = {}): EndpointObservation => ({
  name,
  chainId: 1,
  head: { number: 100, timestamp: 1_200 },
  settledHash: '0xaa',
  votes: true,
  serving: false,
  ...changes,
});
const at = (number: number, timestamp = number * 12) => ({ head: { number, timestamp } });

const kinds = (...args: Parameters<typeof assessEndpoints>): Record<string, EndpointStatus['kind']> =>
  Object.fromEntries([...assessEndpoints(...args)].map(([name, { kind }]) => [name, kind]));

describe('verdicts', () => {
  it('finds nothing wrong with endpoints that agree and are close to each other', () => {
    const seen = [sighting('a', at(100)), sighting('b', at(95))];
    expect(kinds(seen, NOTHING, LIMITS, 1)).toEqual({ a: 'good', b: 'good' });
  });

  it('finds the one that is too many blocks behind', () => {
    const seen = [sighting('a', at(100)), sighting('b', at(94))];
    expect(assessEndpoints(seen, NOTHING, LIMITS, 1).get('b')).toEqual({
      kind: 'lagging',
      detail: 'its head is 6 blocks behind',
    });
  });

  it('finds the one that is too many seconds behind, on a chain with few blocks', () => {
    const seen = [sighting('a', at(100, 1_200)), sighting('b', at(99, 1_139))];
    expect(kinds(seen, NOTHING, LIMITS, 1)).toEqual({ a: 'good', b: 'lagging' });
  });

  it('finds the one that serves another chain, and lets it decide nothing', () => {
    const seen = [
      sighting('a', at(100)),
      sighting('b', { ...at(9_000), chainId: 5, settledHash: '0xbb' }),
      sighting('c', { ...at(9_000), chainId: 5, settledHash: '0xbb' }),
    ];
    expect(kinds(seen, NOTHING, LIMITS, 1)).toEqual({ a: 'good', b: 'wrong_chain', c: 'wrong_chain' });
  });

  it.each([
    ['the majority', [sighting('a', { settledHash: '0xbb', ...at(105) }), sighting('b'), sighting('c')], 'a'],
    ['the higher of two', [sighting('a'), sighting('b', { settledHash: '0xbb', ...at(101) })], 'a'],
    ['who serves, of two alike', [sighting('a'), sighting('b', { settledHash: '0xbb', serving: true })], 'a'],
  ])('sides with %s when the settled block differs', (_whom, seen, stray) => {
    const found = kinds(seen, NOTHING, LIMITS, 1);
    expect(Object.entries(found).filter(([, kind]) => kind === 'forked')).toEqual([[stray, 'forked']]);
  });

  it('does not measure the others by the head of one on another fork', () => {
    const seen = [sighting('a', { settledHash: '0xbb', ...at(9_000) }), sighting('b'), sighting('c')];
    expect(kinds(seen, NOTHING, LIMITS, 1)).toEqual({ a: 'forked', b: 'good', c: 'good' });
  });

  it('sides with silent endpoints against as many others, and not against more', () => {
    const reliance = { checkpoint: { hash: '0xaa', absentVotes: 1 }, head: null };
    const one = [sighting('b', { settledHash: '0xbb', ...at(900) })];
    expect(kinds(one, reliance, LIMITS, 1)).toEqual({ b: 'forked' });
    const two = [...one, sighting('c', { settledHash: '0xbb' })];
    expect(kinds(two, { ...reliance, head: null }, { blocks: 1_000, seconds: 1e6 }, 1)).toEqual({
      b: 'good',
      c: 'good',
    });
  });

  it('takes back one that was on another fork only when it shows the block that counts', () => {
    const disowned = { votes: false };
    const cases: readonly (readonly [string | null, EndpointStatus['kind']])[] = [
      ['0xbb', 'forked'],
      [null, 'forked'],
      ['0xaa', 'good'],
    ];
    for (const [settledHash, kind] of cases) {
      const seen = [sighting('a'), sighting('b', { ...disowned, settledHash })];
      expect(kinds(seen, NOTHING, LIMITS, 1)).toEqual({ a: 'good', b: kind });
    }
  });

  it('waits for one that does not have the settled block yet', () => {
    expect(kinds([sighting('a'), sighting('b', { settledHash: null })], NOTHING, LIMITS, 1)['b']).toBe('good');
  });

  it('measures by the block that was handed out when the one that showed it is silent', () => {
    const reliance = { checkpoint: null, head: { number: 120, timestamp: 1_440 } };
    expect(kinds([sighting('b', at(110))], reliance, LIMITS, 1)).toEqual({ b: 'lagging' });
  });

  const seen = fc.uniqueArray(
    fc.record({
      name: fc.constantFrom('a', 'b', 'c', 'd'),
      chainId: fc.constantFrom(1, 1, 1, 5),
      head: fc.nat(40).map((number) => ({ number, timestamp: number * 12 })),
      settledHash: fc.constantFrom('0xaa', '0xaa', '0xbb', '0xcc', null),
      votes: fc.boolean(),
      serving: fc.constant(false),
    }),
    { selector: ({ name }) => name, minLength: 1 },
  );

  it('never finds fault with every endpoint of the chain', () => {
    fc.assert(
      fc.property(seen, (sightings) => {
        const ours = sightings.filter(({ chainId }) => chainId === 1);
        const found = kinds(sightings, NOTHING, LIMITS, 1);
        expect(ours.length === 0 || ours.some(({ name }) => found[name] === 'good')).toBe(true);
      }),
    );
  });

  it('does not depend on the order of the endpoints', () => {
    fc.assert(
      fc.property(seen, fc.nat(), (sightings, turn) => {
        const shift = turn % sightings.length;
        const turned = [...sightings.slice(shift), ...sightings.slice(0, shift)];
        expect(kinds(turned, NOTHING, LIMITS, 1)).toEqual(kinds(sightings, NOTHING, LIMITS, 1));
      }),
    );
  });

  it('never lets a minority of the voters decide', () => {
    fc.assert(
      fc.property(seen, (sightings) => {
        const voters = sightings.filter(({ votes, settledHash }) => votes && settledHash !== null);
        const chain = checkpointChain(sightings, NOTHING);
        const votesFor = (hash: string | null): number => voters.filter((voter) => voter.settledHash === hash).length;
        for (const { settledHash } of voters) expect(votesFor(chain)).toBeGreaterThanOrEqual(votesFor(settledHash));
      }),
    );
  });
});
