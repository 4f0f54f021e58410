import type { DeadLetterReason } from '../common/reasons.js';

/** Capped exponential back-off, in milliseconds. */
interface Backoff {
  readonly baseMs: number;
  readonly capMs: number;
}

/** Every reason for a failure, and whether another attempt can end differently. Holding is not failing: see `HoldError`. */
const RETRY_POLICIES: Readonly<Record<DeadLetterReason, 'permanent' | Backoff>> = {
  too_large: 'permanent',
  invalid_encoding: 'permanent',
  invalid_json: 'permanent',
  invalid_envelope: 'permanent',
  unsupported_type: 'permanent',
  unsupported_version: 'permanent',
  invalid_field: 'permanent',
  invalid_metric: 'permanent',
  invalid_address: 'permanent',
  below_improvement_floor: 'permanent',
  conflict: 'permanent',
  poison: 'permanent',
  deployment_reverted: { baseMs: 2_000, capMs: 300_000 },
  internal_error: { baseMs: 1_000, capMs: 60_000 },
};

/** How often a message may fail by itself before it is dead-lettered. */
export interface RetryBudget {
  /** From the envelope. */
  readonly maxRetries: number;
  /** From the envelope: retries that the producer, or another consumer, has already spent. */
  readonly retryCount: number;
  /** An operator's replay starts over, whatever `retryCount` the bytes carry. */
  readonly replayed: boolean;
}

export type RetryDecision = { readonly kind: 'retry'; readonly delayMs: number } | { readonly kind: 'dead-letter' };

/**
 * Decides between another attempt and the dead-letter queue.
 *
 * @param attemptsSpent failures of this message so far, the present one not counted
 * @param retriesCap upper bound on the envelope's own `max_retries`
 * @param random uniform in [0, 1): full jitter, so that a burst of failures does not come back as a burst
 */
export function decideRetry(
  reason: DeadLetterReason,
  attemptsSpent: number,
  budget: RetryBudget,
  retriesCap: number,
  random: () => number = Math.random,
): RetryDecision {
  const backoff = RETRY_POLICIES[reason];
  if (backoff === 'permanent') return { kind: 'dead-letter' };
  const allowed = Math.min(budget.maxRetries, retriesCap) - (budget.replayed ? 0 : budget.retryCount);
  if (attemptsSpent >= allowed) return { kind: 'dead-letter' };
  const ceiling = Math.min(backoff.capMs, backoff.baseMs * 2 ** attemptsSpent);
  return { kind: 'retry', delayMs: Math.round(ceiling * random()) };
}
