import { describe, expect, it } from 'vitest';
import { compareNonces, type NonceObservation } from './nonce-comparison.js';

/** Ten final transactions that the journal knows. */
const IN_SYNC: NonceObservation = {
  next: 10,
  openSlots: 0,
  finalBlock: 100,
  final: 10,
  latest: 10,
  pending: 10,
  nodeBehind: false,
};

describe('compareNonces', () => {
  it.each<[condition: string, view: Partial<NonceObservation>, comparison: object]>([
    ['the same count everywhere', {}, { kind: 'in-sync' }],
    ['open slots in the mempool', { openSlots: 2, latest: 8 }, { kind: 'in-sync' }],
    ['open slots that the mempool dropped', { openSlots: 2, latest: 8, pending: 8 }, { kind: 'in-sync' }],
    ['a new lane', { next: null, final: null }, { kind: 'new-lane', nonce: 10 }],
    ['a new lane with transactions in the mempool', { next: null, final: null, latest: 9 }, { kind: 'wait' }],
    ['unknown transactions in the mempool', { pending: 12 }, { kind: 'wait' }],
    ['unknown transactions that are not final', { latest: 12, pending: 12 }, { kind: 'wait' }],
    ['unknown transactions before the first final block', { latest: 12, pending: 12, final: null }, { kind: 'wait' }],
    ['unknown final transactions', { latest: 12, pending: 12, final: 12 }, { kind: 'chain-ahead', nonce: 12 }],
    ['unknown transactions that are partly final', { latest: 12, pending: 12, final: 11 }, { kind: 'wait' }],
    ['unknown transactions beside open slots', { openSlots: 1, latest: 12, pending: 12, final: 12 }, { kind: 'wait' }],
    [
      'fewer final transactions than in the journal',
      { latest: 8, pending: 8, final: 8 },
      { kind: 'journal-ahead', nonce: 8 },
    ],
    ['fewer, while the node is behind', { latest: 8, pending: 8, final: 8, nodeBehind: true }, { kind: 'wait' }],
    ['fewer, and some in the mempool', { latest: 8, pending: 9, final: 8 }, { kind: 'wait' }],
    ['fewer, and not final', { latest: 8, pending: 8, final: 7 }, { kind: 'wait' }],
    ['fewer, before the first final block', { latest: 8, pending: 8, final: null }, { kind: 'wait' }],
  ])('%s', (_condition, view, comparison) => {
    expect(compareNonces('0xlane', { ...IN_SYNC, ...view })).toMatchObject(comparison);
  });
});
