import type { OperatorAction } from '../operations/audit-trail.port.js';
import type { SpendPolicy, VersionedPolicy } from './spend-policy.js';

/** Budgets that a window measures. Metrics and holds use these names. */
export const SPEND_BUDGETS = ['ether_per_hour', 'ether_per_day', 'tokens_per_hour'] as const;
export type SpendBudget = (typeof SPEND_BUDGETS)[number];

/** What a sliding window has counted, in wei or tokens. */
export interface SpendWindow {
  /** Of closed slots. */
  readonly spent: bigint;
  /** Of open slots, at worst. */
  readonly reserved: bigint;
  /** When which part of `spent` leaves the window, in Unix milliseconds of the Redis clock; oldest first. */
  readonly leaving: readonly { readonly at: number; readonly amount: bigint }[];
}

export type SpendWindows = Readonly<Record<SpendBudget, SpendWindow>>;

/** The open circuit breaker of the queue, with the figures that opened it. */
export interface CircuitState {
  /** Unix milliseconds of the Redis clock. */
  readonly openedAt: number;
  /** Unix milliseconds of the Redis clock from which one transaction is let through. */
  readonly probeAt: number;
  /** Whether a new transaction is refused now: before `probeAt`, and while the probe is not mined. */
  readonly isBlocking: boolean;
  readonly cause:
    | { readonly kind: 'failures'; readonly failed: number; readonly of: number }
    /** Wei of a token. */
    | { readonly kind: 'cost'; readonly cost: bigint; readonly usual: bigint };
}

/** How a mined transaction of the queue ended. */
export interface TransactionOutcome {
  /** EIP-55 address of the signer. */
  readonly lane: string;
  readonly nonce: number;
  readonly hash: string;
  readonly succeeded: boolean;
  /** Wei of a token, with the L1 data fee; null for a transaction that makes none. */
  readonly costPerToken: bigint | null;
}

/** What opens the circuit breaker, and for how long. */
export interface CircuitLimits {
  /** Failed transactions of the last twenty. */
  readonly failures: number;
  /** Median cost of a token in the last twenty, as a multiple of the usual cost; null: none. */
  readonly costFactor: number | null;
  readonly coolDownMs: number;
}

export interface SpendState {
  /** The policy of an operator; null before the first. */
  readonly policy: VersionedPolicy | null;
  readonly windows: SpendWindows;
  /** Null while the circuit breaker is closed. */
  readonly circuit: CircuitState | null;
}

/** What a transaction may cost at worst, and the policy under which it was signed. */
export interface SpendCharge {
  /** Gas limit × maximum fee + value of the signed bytes, and twice the estimated L1 data fee; wei. */
  readonly cost: bigint;
  /** Tokens that it makes. */
  readonly tokens: number;
  readonly policy: VersionedPolicy;
}

/** What a closed slot cost. */
export interface SlotCost {
  /** Wei, with the L1 data fee. */
  readonly cost: bigint;
  readonly tokens: number;
}

/** What the whole queue has spent on its chain, and the policy of its operators. `LaneJournal` reserves each charge. */
export abstract class SpendLedger {
  abstract read(): Promise<SpendState>;

  /** Replaces the policy and writes the audit record. Returns false when it has another version than `version`. */
  abstract replacePolicy(policy: SpendPolicy, version: number, action: OperatorAction): Promise<boolean>;

  /** Counts outcomes, each once, and opens or closes the circuit breaker. */
  abstract recordOutcomes(outcomes: readonly TransactionOutcome[], limits: CircuitLimits): Promise<void>;

  /** Closes the circuit breaker and writes the audit record. Returns false when it was not open. */
  abstract closeCircuit(action: OperatorAction): Promise<boolean>;
}
