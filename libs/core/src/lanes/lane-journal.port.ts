import type { DeploymentRecord } from '../jobs/deployment-record.js';
import type { OperatorAction } from '../operations/audit-trail.port.js';
import type { SlotCost, SpendCharge } from '../spending/spend-ledger.port.js';

/** The temporary right to sign with one account. Every write carries the epoch; an older epoch is fenced. */
export interface LaneLease {
  /** EIP-55 address of the signer. */
  readonly lane: string;
  readonly epoch: number;
}

/** One signed transaction. Several attempts of one slot share the nonce; they differ in fees, and after a refusal in gas limit or jobs. */
export interface Attempt {
  readonly hash: string;
  /** 0x-prefixed signed transaction. Only these bytes are sent, also after a crash (J1, J3). */
  readonly raw: string;
  readonly gasLimit: bigint;
  /** Wei; the gas price of a legacy transaction. */
  readonly maxFeePerGas: bigint;
  /** Wei; equal to `maxFeePerGas` for a legacy transaction. */
  readonly maxPriorityFeePerGas: bigint;
  /** Unix milliseconds. */
  readonly signedAt: number;
  /** Whether every endpoint refused every earlier attempt, so that no node holds one and this one may offer less. */
  readonly replacesRefused?: boolean;
  /** What it carries, where that is less than the whole slot. */
  readonly modelIds?: readonly string[];
}

/** The part of an attempt that its job keeps. The journal drops the rest when the slot closes. */
export type SignedAttempt = Omit<Attempt, 'raw' | 'replacesRefused' | 'modelIds'>;

/** One nonce of a lane, from signing to finality. */
export interface Slot {
  readonly nonce: number;
  readonly modelIds: readonly string[];
  /** Oldest first, at least one. */
  readonly attempts: readonly Attempt[];
}

/** A slot whose nonce is used in a final block. */
export interface ClosedSlot {
  readonly lease: LaneLease;
  readonly nonce: number;
  /** Number of a final block by which the nonce is used. */
  readonly block?: number;
  /** What it cost. Default: what is reserved for it. */
  readonly spent?: SlotCost;
}

export interface LaneState {
  /** The nonce of the next commit; null for an unused lane. */
  readonly nextNonce: number | null;
  /** Final block of the last closed slot; null before the first. */
  readonly closedBlock: number | null;
  /** Lowest nonce first. */
  readonly slots: readonly Slot[];
  /** Names of the slots that cannot be read: their nonces, where those are numbers. Default: none. */
  readonly unreadableSlots?: readonly string[];
}

/** The process that holds a lane, and the remaining lease time. */
export interface LaneOwner {
  /** Name of the process: host and a random part. */
  readonly owner: string;
  readonly epoch: number;
  readonly leaseLeftMs: number;
}

export type JournalResult =
  | { readonly kind: 'committed' }
  /** The lane has a new owner, its lease expired, or its slot is gone or taken. */
  | { readonly kind: 'fenced' }
  /** The transaction was signed under another version of the policy; nothing was written. */
  | { readonly kind: 'policy-changed' }
  /** The transaction costs more than a budget has left; nothing was written. */
  | { readonly kind: 'over-budget' };

export type CommitResult =
  | JournalResult
  /** The circuit breaker lets no new transaction through now; nothing was written. */
  | { readonly kind: 'circuit-open' }
  /** The queue was moved to another chain or contract. */
  | { readonly kind: 'wrong-home'; readonly detail: string }
  /** The slot does not carry the lane's next nonce. */
  | { readonly kind: 'wrong-nonce'; readonly nextNonce: number | null }
  /** These jobs are no longer `admitted`, or have another record now; nothing was written. */
  | { readonly kind: 'jobs-taken'; readonly modelIds: readonly string[] };

/** The write-ahead journal of a lane. A transaction is sent only after it is journaled (J1). */
export abstract class LaneJournal {
  /** Acquires a free or expired lane for `ttlMs` under a new epoch. Null when another process holds it. */
  abstract acquire(lane: string, ttlMs: number): Promise<LaneLease | null>;

  /** Returns false when the lane was lost. Stop before the next irreversible step. */
  abstract renew(lease: LaneLease, ttlMs: number): Promise<boolean>;

  abstract release(lease: LaneLease): Promise<void>;

  /**
   * Frees a lane for an operator, regardless of its owner, and writes the audit record. The owner is fenced and may acquire the
   * lane again. Returns false when it had no owner.
   */
  abstract free(lane: string, action: OperatorAction): Promise<boolean>;

  abstract read(lane: string): Promise<LaneState>;

  /** Addresses of all lanes ever acquired. */
  abstract addresses(): Promise<readonly string[]>;

  /** Null for an unowned lane. */
  abstract owner(lane: string): Promise<LaneOwner | null>;

  /**
   * Journals one signed transaction: slot, job states and next nonce, in one fenced script (J2).
   *
   * @param records what the transaction deploys. Omit them only to repeat a commit
   * @param charge what it may cost. Omit it only to repeat a commit
   */
  abstract commit(
    lease: LaneLease,
    slot: Slot,
    records?: readonly DeploymentRecord[],
    charge?: SpendCharge,
  ): Promise<CommitResult>;

  /** Adds a fee bump to a slot before it is sent, and charges the difference. */
  abstract addAttempt(lease: LaneLease, nonce: number, attempt: Attempt, charge?: SpendCharge): Promise<JournalResult>;

  /** Journals a transaction without jobs for an unused nonce below the next one. */
  abstract fillGap(lease: LaneLease, slot: Slot, charge?: SpendCharge): Promise<JournalResult>;

  /** Sets the next nonce of a lane without open slots. Returns false when the lease is lost or a slot is open. */
  abstract resetNonce(lease: LaneLease, nextNonce: number): Promise<boolean>;
}
