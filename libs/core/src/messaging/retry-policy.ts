import type { DeadLetterReason } from '../common/reasons.js';

/** Capped exponential back-off, in milliseconds. */
interface Backoff {
  readonly baseMs: number;
  readonly capMs: number;
}

/** Retry policy of each failure reason. Holds consume no retry, see `HoldError`. */
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
  unsigned: 'permanent',
  bad_signature: 'permanent',
  not_allowed: 'permanent',
  conflict: 'permanent',
  poison: 'permanent',
  deployment_reverted: { baseMs: 2_000, capMs: 300_000 },
  internal_error: { baseMs: 1_000, capMs: 60_000 },
};

/** The number of retries before a message is dead-lettered. */
export interface RetryBudget {
  /** From the envelope. */
  readonly maxRetries: number;
  /** From the envelope: retries consumed by the producer or another consumer. */
  readonly retryCount: number;
  /** True after a replay, which resets `retryCount`. */
  readonly replayed: boolean;
}

export type RetryDecision = { readonly kind: 'retry'; readonly delayMs: number } | { readonly kind: 'dead-letter' };

/**
 * Decides between a retry and the DLQ.
 *
 * @param attemptsSpent earlier failures of this message
 * @param retriesCap upper bound on the envelope's own `max_retries`
 * @param random uniform in [0, 1), for full jitter
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
