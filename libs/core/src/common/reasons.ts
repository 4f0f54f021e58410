/** Why a message is in the dead-letter queue. Metrics, alerts and runbooks enumerate these values. */
export const DEAD_LETTER_REASONS = [
  'too_large',
  'invalid_encoding',
  'invalid_json',
  'invalid_envelope',
  'unsupported_type',
  'unsupported_version',
  'invalid_field',
  'invalid_metric',
  'invalid_address',
  'below_improvement_floor',
  'unsigned',
  'bad_signature',
  'not_allowed',
  'conflict',
  'deployment_reverted',
  'internal_error',
  'poison',
] as const;
export type DeadLetterReason = (typeof DEAD_LETTER_REASONS)[number];

/** Why processing is blocked, whole or in part. A hold consumes no retry and dead-letters nothing (M3). */
export const HOLD_REASONS = [
  'paused',
  'starting',
  'wrong_home',
  'redis_unavailable',
  'ledger_unreadable',
  'replicas_missing',
  'rpc_unavailable',
  'no_final_block',
  'no_lane',
  'lane_quarantined',
  'insufficient_funds',
  'fee_above_cap',
  'policy_violation',
  'budget_spent',
  'circuit_open',
  'signer_unavailable',
  'producer_over_budget',
  'nodes_refuse',
  'nonce_gap',
  'deployer_not_authorised',
  'terms_differ',
  'transaction_stuck',
  'loop_failing',
] as const;
export type HoldReason = (typeof HOLD_REASONS)[number];
