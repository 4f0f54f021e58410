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

export interface SpendState {
  /** The policy of an operator; null before the first. */
  readonly policy: VersionedPolicy | null;
  readonly windows: SpendWindows;
}

/** What a transaction may cost at worst, and the policy under which it was signed. */
export interface SpendCharge {
  /** Gas limit × maximum fee + value of the signed bytes, wei. */
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
}
