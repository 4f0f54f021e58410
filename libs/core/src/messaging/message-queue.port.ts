import type { OperatorAction } from '../operations/audit-trail.port.js';
import type { DeadLetterReason } from '../common/reasons.js';

/** One message, taken from the queue under a lease. Its bytes are the producer's and are never rewritten (M2). */
export interface ClaimedMessage {
  /** Fencing token of this one delivery: whoever knows it may settle the message, until the lease ends. */
  readonly lease: string;
  readonly bytes: Uint8Array;
  /** Lower-case hex SHA-1 of the bytes: the name under which the service keeps state about them. */
  readonly digest: string;
  /** Times a handler failed on it. */
  readonly attempts: number;
  /** Times it was claimed, this one included. */
  readonly deliveries: number;
  /** Times in a row that its lease ran out before it was admitted. */
  readonly stalls: number;
  /** Times an operator replayed it from the dead letters. */
  readonly replays: number;
  /** Unix milliseconds of the first claim, by the Redis clock. */
  readonly firstSeenAt: number;
}

/** The four ways out of processing. Each is one atomic script. */
export type Settlement =
  | { readonly kind: 'ack' }
  /** Back to the queue after `delayMs`; spends an attempt. */
  | { readonly kind: 'retry'; readonly delayMs: number; readonly reason: DeadLetterReason }
  /** Back to the head of the queue at once; spends nothing. */
  | { readonly kind: 'release' }
  /** `entry` is the JSON text that goes into the dead-letter list. */
  | { readonly kind: 'dead-letter'; readonly entry: string };

/** `already`: this lease was settled before (a repeat); `fenced`: the lease ran out and the message belongs to another. */
export type SettleResult = 'settled' | 'already' | 'fenced';

/** What one sweep brought back. */
export interface SweepReport {
  /** Leases that ran out. */
  readonly expired: number;
  /** Elements of the processing list that no lease covered. */
  readonly orphaned: number;
}

/** Depth and age of one list of the queue. Age is null when the list is empty or the age cannot be known. */
export interface QueueDepth {
  readonly messages: number;
  readonly oldestAgeMs: number | null;
}

export interface QueueDepths {
  readonly main: QueueDepth;
  readonly processing: QueueDepth;
  readonly delayed: QueueDepth;
  readonly deadLetter: QueueDepth;
}

/** One process that holds claimed messages. */
export interface LeaseHolder {
  readonly worker: string;
  readonly messages: number;
  /** Milliseconds until the first of its leases ends; 0 when it should have been swept. */
  readonly leaseLeftMs: number;
}

/**
 * A queue that loses nothing: a message is at every instant in exactly one of queue, processing, delayed, dead letters
 * or done (M1).
 */
export abstract class MessageQueue {
  /** Returns as soon as there is a message to claim, or after `timeoutMs`. Takes nothing. */
  abstract wait(timeoutMs: number): Promise<void>;

  /** Claims up to `limit` messages, oldest first; none while the queue is paused. Safe to repeat after a lost reply. */
  abstract claim(limit: number): Promise<readonly ClaimedMessage[]>;

  /** Extends the leases. Returns those that no longer exist: their messages must not be worked on. */
  abstract renew(leases: readonly string[]): Promise<readonly string[]>;

  /** Settles many messages; those that are released keep their order. Idempotent. */
  abstract settle(
    settlements: readonly { readonly lease: string; readonly settlement: Settlement }[],
  ): Promise<readonly SettleResult[]>;

  /** Returns retries that are due to the queue. Runs on every replica. */
  abstract promote(): Promise<number>;

  /** Returns to the queue what crashed or foreign consumers left in processing. Runs on every replica. */
  abstract sweep(): Promise<SweepReport>;

  abstract depths(): Promise<QueueDepths>;

  abstract isPaused(): Promise<boolean>;

  /** Who holds claimed messages. */
  abstract leaseHolders(): Promise<readonly LeaseHolder[]>;

  /**
   * Stops claiming on every replica and writes the audit record, in one script.
   *
   * @param ttlMs milliseconds after which the pause ends by itself; null: with `resume` only
   */
  abstract pause(action: OperatorAction, ttlMs: number | null): Promise<void>;

  abstract resume(action: OperatorAction): Promise<void>;
}
