import { describe, expect, it } from 'vitest';
import { DEAD_LETTER_REASONS } from '../common/reasons.js';
import { type RetryBudget, decideRetry } from './retry-policy.js';

const RETRYABLE = ['deployment_reverted', 'internal_error'] as const;
const CAP = 10;
const budget = (changes: Partial<RetryBudget> = {}): RetryBudget => ({
  maxRetries: 3,
  retryCount: 0,
  replayed: false,
  ...changes,
});
const always = (value: number) => (): number => value;

describe('decideRetry', () => {
  it.each(DEAD_LETTER_REASONS.filter((reason) => !RETRYABLE.some((other) => other === reason)))(
    'gives "%s" no second attempt',
    (reason) => {
      expect(decideRetry(reason, 0, budget({ maxRetries: 100 }), 100)).toEqual({ kind: 'dead-letter' });
    },
  );

  it.each(RETRYABLE)('retries "%s" while the retry budget lasts', (reason) => {
    const kinds = [0, 1, 2, 3, 4].map((spent) => decideRetry(reason, spent, budget(), CAP).kind);
    expect(kinds).toEqual(['retry', 'retry', 'retry', 'dead-letter', 'dead-letter']);
  });

  it('subtracts retries that the producer or another consumer consumed', () => {
    expect(decideRetry('internal_error', 1, budget({ retryCount: 1 }), CAP).kind).toBe('retry');
    expect(decideRetry('internal_error', 2, budget({ retryCount: 1 }), CAP).kind).toBe('dead-letter');
    expect(decideRetry('internal_error', 0, budget({ retryCount: 9 }), CAP).kind).toBe('dead-letter');
  });

  it('resets the budget after a replay', () => {
    const replayed = budget({ retryCount: 3, replayed: true });
    expect(decideRetry('internal_error', 2, replayed, CAP).kind).toBe('retry');
    expect(decideRetry('internal_error', 3, replayed, CAP).kind).toBe('dead-letter');
  });

  it('caps the retries that a message requests', () => {
    expect(decideRetry('internal_error', 9, budget({ maxRetries: 1_000 }), CAP).kind).toBe('retry');
    expect(decideRetry('internal_error', 10, budget({ maxRetries: 1_000 }), CAP).kind).toBe('dead-letter');
  });

  it('doubles the maximum delay with every attempt, up to its cap', () => {
    const longest = [0, 1, 2, 6, 9].map((spent) =>
      decideRetry('internal_error', spent, budget({ maxRetries: 10 }), CAP, always(1)),
    );
    expect(longest.map((verdict) => verdict.kind === 'retry' && verdict.delayMs)).toEqual([
      1_000, 2_000, 4_000, 60_000, 60_000,
    ]);
  });

  it('spreads delays over the whole range', () => {
    const delays = [0, 0.25, 0.5].map((random) => decideRetry('internal_error', 2, budget(), CAP, always(random)));
    expect(delays).toEqual([0, 1_000, 2_000].map((delayMs) => ({ kind: 'retry', delayMs })));
  });
});
