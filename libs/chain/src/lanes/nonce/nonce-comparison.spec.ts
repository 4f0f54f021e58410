import { describe, expect, it } from 'vitest';
import { compareNonces, type NonceObservation } from './nonce-comparison.js';

/** Ten transactions, all of them final, and a journal that knows it. */
const AGREED: NonceObservation = {
  next: 10,
  openSlots: 0,
  finalBlock: 100,
  final: 10,
  latest: 10,
  pending: 10,
  nodeBehind: false,
};

describe('judgeNonces', () => {
  it.each<[situation: string, view: Partial<NonceObservation>, verdict: object]>([
    ['the same everywhere', {}, { kind: 'agreed' }],
    ['open slots that the pool has', { openSlots: 2, latest: 8 }, { kind: 'agreed' }],
    ['open slots that the pool has lost', { openSlots: 2, latest: 8, pending: 8 }, { kind: 'agreed' }],
    ['a new lane', { next: null, final: null }, { kind: 'first', nonce: 10 }],
    ['a new lane with something in the pool', { next: null, final: null, latest: 9 }, { kind: 'wait' }],
    ['unknown transactions in the pool', { pending: 12 }, { kind: 'wait' }],
    ['unknown transactions that are not final', { latest: 12, pending: 12 }, { kind: 'wait' }],
    ['unknown ones on a chain too young', { latest: 12, pending: 12, final: null }, { kind: 'wait' }],
    ['unknown ones that are final', { latest: 12, pending: 12, final: 12 }, { kind: 'more', nonce: 12 }],
    ['unknown ones that are final in part', { latest: 12, pending: 12, final: 11 }, { kind: 'wait' }],
    ['unknown ones beside open slots', { openSlots: 1, latest: 12, pending: 12, final: 12 }, { kind: 'wait' }],
    ['fewer than journalled, finally', { latest: 8, pending: 8, final: 8 }, { kind: 'less', nonce: 8 }],
    ['fewer, by a node that is behind', { latest: 8, pending: 8, final: 8, nodeBehind: true }, { kind: 'wait' }],
    ['fewer, and some in the pool', { latest: 8, pending: 9, final: 8 }, { kind: 'wait' }],
    ['fewer, and not final', { latest: 8, pending: 8, final: 7 }, { kind: 'wait' }],
    ['fewer, on a chain too young', { latest: 8, pending: 8, final: null }, { kind: 'wait' }],
  ])('%s', (_situation, view, verdict) => {
    expect(compareNonces('0xlane', { ...AGREED, ...view })).toMatchObject(verdict);
  });
});
