import type { HoldReason } from '../common/reasons.js';

/** What an operator needs to know about a hold. */
export interface HoldGuide {
  /** What ends it. */
  readonly ends: string;
  /** Path of its runbook in the repository. */
  readonly runbook: string;
}

const guide = (ends: string, page: string): HoldGuide => ({ ends, runbook: `docs/runbooks/${page}.md` });

export const HOLD_GUIDES: Readonly<Record<HoldReason, HoldGuide>> = {
  paused: guide('an operator resumes the queue, or the pause expires', 'consumer-held'),
  starting: guide('the startup checks pass', 'rpc-down'),
  wrong_home: guide('the settings name the home of the queue, or ledger:move moves it', 'consumer-held'),
  redis_unavailable: guide('Redis answers and takes writes', 'redis-down'),
  ledger_unreadable: guide('the named keys or entries are repaired or deleted', 'consumer-held'),
  replicas_missing: guide('enough Redis replicas follow the primary', 'consumer-held'),
  rpc_unavailable: guide('an RPC endpoint answers', 'rpc-down'),
  no_final_block: guide('an endpoint shows a block with the tag of CONFIRMATIONS', 'consumer-held'),
  no_lane: guide('a replica acquires the lease of an account', 'consumer-held'),
  lane_quarantined: guide('the journal and the chain agree on the next nonce', 'foreign-nonce'),
  insufficient_funds: guide('the account has enough ether', 'balance-runway'),
  fee_above_cap: guide('the fee falls below the maximum, or you raise the maximum', 'consumer-held'),
  policy_violation: guide('what is signed is within its limits again', 'consumer-held'),
  budget_spent: guide('older costs leave the window of the budget, or you raise the budget', 'consumer-held'),
  circuit_open: guide('one transaction succeeds after the cool-down, or you close the circuit breaker', 'circuit-open'),
  signer_unavailable: guide('the signer opens, and signs what it is asked to sign', 'consumer-held'),
  producer_over_budget: guide('the budget of the producer has room, or you raise it', 'consumer-held'),
  nodes_refuse: guide('an endpoint accepts the lowest open nonce', 'nodes-refuse'),
  nonce_gap: guide('the service has filled the missing nonces', 'nonce-gap'),
  deployer_not_authorised: guide('the account has the role that the contract requires', 'consumer-held'),
  terms_differ: guide('the settings name terms that the contracts keep, after a restart', 'consumer-held'),
  transaction_stuck: guide('the lowest open nonce is mined', 'transaction-stuck'),
  loop_failing: guide('an iteration of the loop succeeds', 'consumer-held'),
};
