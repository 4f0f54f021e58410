import type { DeploymentJob, JobState } from '../jobs/deployment-jobs.port.js';
import type { LaneState } from '../lanes/lane-journal.port.js';

/** What stands in the ledger under one model id. */
export interface StoredJob {
  readonly modelId: string;
  /** Null when there is none, or it cannot be read: `unreadable` tells which. */
  readonly job: DeploymentJob | null;
  readonly unreadable: boolean;
  /** Whether the index of all jobs names it. */
  readonly listed: boolean;
  /** The states whose indexes name it: exactly its own, in a ledger that is right. */
  readonly indexedAs: readonly JobState[];
}

export interface StoredLane {
  /** EIP-55, or lower case where the ledger knows no better. */
  readonly address: string;
  /** Null when it cannot be read. */
  readonly state: LaneState | null;
}

/** Where a message may be. `dead-letters` holds entries, not bare messages. */
export type MessagePlace = 'queue' | 'processing' | 'delayed' | 'dead-letters';

/** One claimed message's lease. */
export interface StoredLease {
  readonly lease: string;
  /** Lower-case hex SHA-1 of the message's bytes; null for a lease without bytes. */
  readonly digest: string | null;
  /** Whether the lease has an end: without one it is never swept. */
  readonly hasExpiry: boolean;
}

/**
 * Reads all that Redis keeps, page by page, and writes nothing. What changes while it is read may be seen twice or not at
 * all. Every method throws `RedisUnavailableError`.
 */
export abstract class LedgerStateReader {
  /** Every job that an index names. */
  abstract jobs(): AsyncIterable<readonly StoredJob[]>;

  /** In the order of the model ids. */
  abstract find(modelIds: readonly string[]): Promise<readonly StoredJob[]>;

  abstract lanes(): Promise<readonly StoredLane[]>;

  /** The bytes of each message or, for dead letters, of each entry. */
  abstract messages(place: MessagePlace): AsyncIterable<readonly Uint8Array[]>;

  /** How many elements `messages` is about to give. */
  abstract count(place: MessagePlace): Promise<number>;

  abstract leases(): AsyncIterable<readonly StoredLease[]>;

  /** What stands in the list of events, element by element. */
  abstract events(): AsyncIterable<readonly string[]>;
}
