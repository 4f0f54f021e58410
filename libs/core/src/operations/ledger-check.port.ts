/** A Redis key of the service that holds another type than the service writes. */
export interface WrongKey {
  readonly key: string;
  readonly found: string;
  readonly expected: string;
  /** Account whose lane the key belongs to; null for a key that all work needs. */
  readonly lane: string | null;
}

/** Checks that the stored data have the types that the service writes. */
export abstract class LedgerCheck {
  abstract findWrongKeys(): Promise<readonly WrongKey[]>;

  /**
   * Looks at the next stored jobs: 100 of each open state and 100 of all. Returns the Redis keys of the unreadable jobs
   * that it has seen and that are not repaired.
   */
  abstract findUnreadableJobs(): Promise<readonly string[]>;
}
