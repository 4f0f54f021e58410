import { expect, it } from 'vitest';
import type { ClaimedMessage } from '#core';
import { groupByPoisonRisk } from './poison-isolation.js';

const message = (lease: string, stalls: number): ClaimedMessage => ({
  lease,
  stalls,
  bytes: new Uint8Array(),
  digest: lease,
  attempts: 0,
  deliveries: 1,
  replays: 0,
  firstSeenAt: 0,
});

it.each([
  [[0, 0, 1], [['0', '1', '2']]],
  [
    [2, 0, 3, 1],
    [['1', '3'], ['0'], ['2']],
  ],
  [
    [0, 5, 2, 6],
    [['1', '3'], ['0'], ['2']],
  ],
  [[5], [['0']]],
  [[], []],
])('groups messages with the stalls %j as %j', (stalls, groups) => {
  const messages = stalls.map((count, index) => message(String(index), count));

  expect(groupByPoisonRisk(messages, 5).map((group) => group.map(({ lease }) => lease))).toEqual(groups);
});
