import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Attempt, Slot } from '#core';
import { latestAttempt, OpenSlots } from './open-slots.js';

const attempt = (hash: string): Attempt => ({
  hash,
  raw: '0x',
  gasLimit: 1n,
  maxFeePerGas: 1n,
  maxPriorityFeePerGas: 1n,
  signedAt: 0,
});
const slot = (nonce: number): Slot => ({ nonce, modelIds: [], attempts: [attempt(`0x${nonce}`)] });

const CONTENT = { kind: 'deploy', value: 0n, jobs: [] } as const;

describe('OpenSlots', () => {
  afterEach(() => void vi.useRealTimers());

  it('are sorted by nonce', () => {
    const slots = new OpenSlots();
    for (const nonce of [9, 7, 10, 8]) slots.add(slot(nonce), CONTENT, 0);
    expect(slots.all.map(({ nonce }) => nonce)).toEqual([7, 8, 9, 10]);
  });

  it('start unmined and leave `unmined` when mined', () => {
    const slots = new OpenSlots();
    const first = slots.add(slot(1), CONTENT, 5);
    slots.add(slot(2), CONTENT, 5);
    expect(first).toMatchObject({ minedBlockHash: null, sentAt: 5, nonceTakenPasses: 0 });
    first.minedBlockHash = '0xblock';
    expect(slots.unmined.map(({ nonce }) => nonce)).toEqual([2]);
    first.minedBlockHash = null;
    expect(slots.unmined.map(({ nonce }) => nonce)).toEqual([1, 2]);
  });

  it('know the monotonic age of their attempts, even when the wall clock was set back', () => {
    vi.useFakeTimers({ toFake: ['Date', 'performance'], now: 1_000_000 });
    vi.advanceTimersByTime(60_000);
    const attempts = [1_030_000, 1_090_000].map((signedAt) => ({ ...attempt(''), signedAt }));
    const open = new OpenSlots().add({ nonce: 1, modelIds: [], attempts }, CONTENT, -Infinity);
    expect(open).toMatchObject({ openedAt: 30_000, attemptedAt: 60_000 });
  });

  it('can be iterated while one is removed', () => {
    const slots = new OpenSlots();
    for (const nonce of [1, 2, 3]) slots.add(slot(nonce), CONTENT, 0);
    const seen = slots.all.map((open) => {
      slots.remove(open);
      return open.nonce;
    });
    expect(seen).toEqual([1, 2, 3]);
    expect(slots.all).toEqual([]);
  });
});

describe('latestAttempt', () => {
  it('returns the last attempt', () => {
    expect(latestAttempt({ attempts: [attempt('0x1'), attempt('0x2')] }).hash).toBe('0x2');
  });

  it('throws without an attempt', () => {
    expect(() => latestAttempt({ attempts: [] })).toThrow('a slot has at least one attempt');
  });
});
