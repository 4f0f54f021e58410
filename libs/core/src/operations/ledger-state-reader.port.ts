import type { DeploymentJob, JobState } from '../jobs/deployment-jobs.port.js';
import type { LaneState } from '../lanes/lane-journal.port.js';

/** The stored data of one model id. */
export interface StoredJob {
  readonly modelId: string;
  /** Null when absent or `unreadable`. */
  readonly job: DeploymentJob | null;
  readonly unreadable: boolean;
  /** True when the index of all jobs contains it. */
  readonly listed: boolean;
  /** States whose indexes contain it. Must be exactly its own state. */
  readonly indexedAs: readonly JobState[];
  /** True when a claimed message is attached. */
  readonly hasMessage: boolean;
}

export interface StoredLane {
  /** EIP-55, or lower case for an old entry. */
  readonly address: string;
  /** Null when unreadable. */
  readonly state: LaneState | null;
}

/** The lists that hold messages. `dead-letters` holds entries instead of messages. */
export type MessagePlace = 'queue' | 'processing' | 'delayed' | 'dead-letters';

/** One claimed message's lease. */
export interface StoredLease {
  readonly lease: string;
  /** Lower-case hex SHA-1 of the message's bytes; null for a lease without bytes. */
  readonly digest: string | null;
  /** False for a lease without expiry, which is never swept. */
  readonly hasExpiry: boolean;
}

/**
 * Reads jobs, lanes, messages and events page by page. Writes nothing. Concurrent changes may be read twice or not at
 * all. Every method throws `RedisUnavailableError`.
 */
export abstract class LedgerStateReader {
  /** Every indexed job. */
  abstract jobs(): AsyncIterable<readonly StoredJob[]>;

  /** In the order of the model ids. */
  abstract find(modelIds: readonly string[]): Promise<readonly StoredJob[]>;

  abstract lanes(): Promise<readonly StoredLane[]>;

  /** The bytes of each message or, for dead letters, of each entry. */
  abstract messages(place: MessagePlace): AsyncIterable<readonly Uint8Array[]>;

  /** Number of elements that `messages` yields. */
  abstract count(place: MessagePlace): Promise<number>;

  abstract leases(): AsyncIterable<readonly StoredLease[]>;

  /** Elements of the list of events. */
  abstract events(): AsyncIterable<readonly string[]>;
}
