/** The operator and reason of an operation, for its audit record. */
export interface OperatorAction {
  /** Id of the bearer token, never the token. */
  readonly actor: string;
  readonly requestId: string;
  readonly note: string | null;
}

/** One operation of an operator. */
export interface AuditRecord extends OperatorAction {
  /** Grows with time. */
  readonly id: string;
  /** Unix milliseconds, by the Redis clock. */
  readonly at: number;
  /** Such as `replay`, `discard`, `pause`. */
  readonly operation: string;
  /** Other fields of the operation, such as `entry_id` or `ttl_ms`. */
  readonly details: Readonly<Record<string, string>>;
  /** The bytes of a discarded dead letter; null for other operations. */
  readonly element: Uint8Array | null;
}

export interface AuditPage {
  readonly items: readonly AuditRecord[];
  /** Pass to the next call; null on the last page. */
  readonly nextCursor: string | null;
}

/**
 * The audit trail. Each operation writes its record in its own script. Kept for 90 days, at most 100,000 records with
 * 256 MiB of notes and discarded dead letters.
 */
export abstract class AuditTrail {
  /**
   * Newest first.
   *
   * @throws RangeError for a malformed cursor
   */
  abstract list(page: { readonly limit: number; readonly cursor?: string }): Promise<AuditPage>;

  /** Bytes of the notes and discarded dead letters that were recorded within the last hour. */
  abstract bytesOfLastHour(): Promise<number>;
}
