import type { OperatorAction } from '../operations/audit-trail.port.js';
import type { DeadLetterReason } from '../common/reasons.js';

/** One message, taken from the queue under a lease. Its bytes are the producer's and are never rewritten (M2). */
export interface ClaimedMessage {
  /** Fencing token of this delivery. Settling needs it; it expires with the lease. */
  readonly lease: string;
  readonly bytes: Uint8Array;
  /** Lower-case hex SHA-1 of the bytes; the key of the message's state. */
  readonly digest: string;
  /** Number of failed attempts. */
  readonly attempts: number;
  /** Number of claims, this one included. */
  readonly deliveries: number;
  /**
   * Consecutive crashes of processes that held the message before its admission. Beyond the second, only crashes of
   * processes that had claimed it alone.
   */
  readonly stalls: number;
  /** Number of replays from the DLQ. */
  readonly replays: number;
  /** Unix milliseconds of the first claim, by the Redis clock. */
  readonly firstSeenAt: number;
}

/** How a message leaves processing. Each settlement is one atomic script. */
export type Settlement =
  | { readonly kind: 'ack' }
  /** Requeues after `delayMs`; consumes a retry. */
  | { readonly kind: 'retry'; readonly delayMs: number; readonly reason: DeadLetterReason }
  /** Requeues after `delayMs`; consumes no retry. */
  | { readonly kind: 'delay'; readonly delayMs: number }
  /** Requeues at the head; consumes no retry. */
  | { readonly kind: 'release' }
  /** `entry` is the JSON text of the dead letter. */
  | { readonly kind: 'dead-letter'; readonly entry: string };

/** `already`: settled before, by a repeated call; `fenced`: the lease expired and the message has another owner. */
export type SettleResult = 'settled' | 'already' | 'fenced';

/** Number of messages that one sweep requeued. */
export interface SweepReport {
  /** Expired leases. */
  readonly expired: number;
  /** Messages in processing without a lease. */
  readonly orphaned: number;
}

/** Depth and age of one list of the queue. Age is null for an empty list or an unknown age. */
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

/** One process with claimed messages. */
export interface LeaseHolder {
  readonly worker: string;
  readonly messages: number;
  /** Milliseconds until its first lease expires; 0 when expired. */
  readonly leaseLeftMs: number;
}

/** A claim takes no further message after this many bytes; a message of any size is taken alone. */
export const MAX_CLAIM_BYTES = 8 * 1024 * 1024;

/** A durable queue. A message is always in exactly one of queue, processing, delayed, dead letters or done (M1). */
export abstract class MessageQueue {
  /** Resolves when a message is available or after `timeoutMs`. Claims nothing. */
  abstract wait(timeoutMs: number): Promise<void>;

  /**
   * Claims at most `limit` messages or about `MAX_CLAIM_BYTES`, oldest first; none while the queue is paused. Safe to
   * repeat after a lost reply.
   */
  abstract claim(limit: number): Promise<readonly ClaimedMessage[]>;

  /** Reads the bytes of claimed messages again. Null for a message that was settled or whose lease expired. */
  abstract read(leases: readonly string[]): Promise<readonly (Uint8Array | null)[]>;

  /** Extends the leases. Returns the lost ones; do not process their messages. */
  abstract renew(leases: readonly string[]): Promise<readonly string[]>;

  /** Settles messages. Released messages keep their order. Idempotent. */
  abstract settle(
    settlements: readonly { readonly lease: string; readonly settlement: Settlement }[],
  ): Promise<readonly SettleResult[]>;

  /** Requeues due retries. Runs on every replica. */
  abstract promote(): Promise<number>;

  /** Requeues messages that crashed or foreign consumers left in processing. Runs on every replica. */
  abstract sweep(): Promise<SweepReport>;

  abstract depths(): Promise<QueueDepths>;

  abstract isPaused(): Promise<boolean>;

  /** Processes with claimed messages. */
  abstract leaseHolders(): Promise<readonly LeaseHolder[]>;

  /**
   * Stops claiming on every replica and writes the audit record, in one script.
   *
   * @param ttlMs duration of the pause in milliseconds; null until `resume`
   */
  abstract pause(action: OperatorAction, ttlMs: number | null): Promise<void>;

  abstract resume(action: OperatorAction): Promise<void>;
}
