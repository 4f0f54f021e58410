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

const observation = (name: string, changes: Partial<EndpointObservation> = {}): EndpointObservation => ({
  name,
  chainId: 1,
  head: { number: 100, timestamp: 1_200 },
  checkpointHash: '0xaa',
  votes: true,
  serving: false,
  ...changes,
});
const at = (number: number, timestamp = number * 12) => ({ head: { number, timestamp } });

const kinds = (...args: Parameters<typeof assessEndpoints>): Record<string, EndpointStatus['kind']> =>
  Object.fromEntries([...assessEndpoints(...args)].map(([name, { kind }]) => [name, kind]));

describe('assessEndpoints', () => {
  it('returns good for endpoints that agree and are close to each other', () => {
    const seen = [observation('a', at(100)), observation('b', at(95))];
    expect(kinds(seen, NOTHING, LIMITS, 1)).toEqual({ a: 'good', b: 'good' });
  });

  it('returns lagging for an endpoint too many blocks behind', () => {
    const seen = [observation('a', at(100)), observation('b', at(94))];
    expect(assessEndpoints(seen, NOTHING, LIMITS, 1).get('b')).toEqual({
      kind: 'lagging',
      detail: 'its head is 6 blocks behind',
    });
  });

  it('returns lagging for an endpoint too many seconds behind on a slow chain', () => {
    const seen = [observation('a', at(100, 1_200)), observation('b', at(99, 1_139))];
    expect(kinds(seen, NOTHING, LIMITS, 1)).toEqual({ a: 'good', b: 'lagging' });
  });

  it('returns wrong_chain for an endpoint of another chain, which has no vote', () => {
    const seen = [
      observation('a', at(100)),
      observation('b', { ...at(9_000), chainId: 5, checkpointHash: '0xbb' }),
      observation('c', { ...at(9_000), chainId: 5, checkpointHash: '0xbb' }),
    ];
    expect(kinds(seen, NOTHING, LIMITS, 1)).toEqual({ a: 'good', b: 'wrong_chain', c: 'wrong_chain' });
  });

  it.each([
    [
      'the majority',
      [observation('a', { checkpointHash: '0xbb', ...at(105) }), observation('b'), observation('c')],
      'a',
    ],
    ['the higher one of two', [observation('a'), observation('b', { checkpointHash: '0xbb', ...at(101) })], 'a'],
    [
      'the serving one of two equal',
      [observation('a'), observation('b', { checkpointHash: '0xbb', serving: true })],
      'a',
    ],
  ])('prefers %s when the checkpoint block differs', (_whom, seen, stray) => {
    const found = kinds(seen, NOTHING, LIMITS, 1);
    expect(Object.entries(found).filter(([, kind]) => kind === 'forked')).toEqual([[stray, 'forked']]);
  });

  it('ignores the head of a forked endpoint', () => {
    const seen = [observation('a', { checkpointHash: '0xbb', ...at(9_000) }), observation('b'), observation('c')];
    expect(kinds(seen, NOTHING, LIMITS, 1)).toEqual({ a: 'forked', b: 'good', c: 'good' });
  });

  it('prefers silent endpoints to an equal number of others, but not to more', () => {
    const state = { checkpoint: { hash: '0xaa', absentVotes: 1 }, head: null };
    const one = [observation('b', { checkpointHash: '0xbb', ...at(900) })];
    expect(kinds(one, state, LIMITS, 1)).toEqual({ b: 'forked' });
    const two = [...one, observation('c', { checkpointHash: '0xbb' })];
    expect(kinds(two, { ...state, head: null }, { blocks: 1_000, seconds: 1e6 }, 1)).toEqual({
      b: 'good',
      c: 'good',
    });
  });

  it('accepts an endpoint with a chain mismatch only when it returns the agreed block', () => {
    const disowned = { votes: false };
    const cases: readonly (readonly [string | null, EndpointStatus['kind']])[] = [
      ['0xbb', 'forked'],
      [null, 'forked'],
      ['0xaa', 'good'],
    ];
    for (const [checkpointHash, kind] of cases) {
      const seen = [observation('a'), observation('b', { ...disowned, checkpointHash })];
      expect(kinds(seen, NOTHING, LIMITS, 1)).toEqual({ a: 'good', b: kind });
    }
  });

  it('accepts an endpoint that does not have the checkpoint block yet', () => {
    expect(kinds([observation('a'), observation('b', { checkpointHash: null })], NOTHING, LIMITS, 1)['b']).toBe('good');
  });

  it('compares with the returned block when its source is silent', () => {
    const state = { checkpoint: null, head: { number: 120, timestamp: 1_440 } };
    expect(kinds([observation('b', at(110))], state, LIMITS, 1)).toEqual({ b: 'lagging' });
  });

  const seen = fc.uniqueArray(
    fc.record({
      name: fc.constantFrom('a', 'b', 'c', 'd'),
      chainId: fc.constantFrom(1, 1, 1, 5),
      head: fc.nat(40).map((number) => ({ number, timestamp: number * 12 })),
      checkpointHash: fc.constantFrom('0xaa', '0xaa', '0xbb', '0xcc', null),
      votes: fc.boolean(),
      serving: fc.constant(false),
    }),
    { selector: ({ name }) => name, minLength: 1 },
  );

  it('returns good for at least one endpoint of the chain', () => {
    fc.assert(
      fc.property(seen, (observations) => {
        const sameChain = observations.filter(({ chainId }) => chainId === 1);
        const found = kinds(observations, NOTHING, LIMITS, 1);
        expect(sameChain.length === 0 || sameChain.some(({ name }) => found[name] === 'good')).toBe(true);
      }),
    );
  });

  it('does not depend on the order of the endpoints', () => {
    fc.assert(
      fc.property(seen, fc.nat(), (observations, turn) => {
        const shift = turn % observations.length;
        const turned = [...observations.slice(shift), ...observations.slice(0, shift)];
        expect(kinds(turned, NOTHING, LIMITS, 1)).toEqual(kinds(observations, NOTHING, LIMITS, 1));
      }),
    );
  });

  it('never prefers a minority of the voters', () => {
    fc.assert(
      fc.property(seen, (observations) => {
        const voters = observations.filter(({ votes, checkpointHash }) => votes && checkpointHash !== null);
        const chain = checkpointChain(observations, NOTHING);
        const votesFor = (hash: string | null): number =>
          voters.filter((voter) => voter.checkpointHash === hash).length;
        for (const { checkpointHash } of voters)
          expect(votesFor(chain)).toBeGreaterThanOrEqual(votesFor(checkpointHash));
      }),
    );
  });
});
