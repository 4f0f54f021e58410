/** Who does it, and why: goes into the audit record. */
export interface OperatorAction {
  /** Id of the bearer token, never the token. */
  readonly actor: string;
  readonly requestId: string;
  readonly note: string | null;
}

/** What an operator did. */
export interface AuditRecord extends OperatorAction {
  /** Grows with time. */
  readonly id: string;
  /** Unix milliseconds, by the Redis clock. */
  readonly at: number;
  /** Such as `replay`, `discard`, `pause`. */
  readonly operation: string;
  /** Whatever else the operation keeps, such as `entry_id` or `ttl_ms`. */
  readonly details: Readonly<Record<string, string>>;
  /** The exact bytes of a discarded dead letter, for `DeadLetters.restore`; null for other operations. */
  readonly element: Uint8Array | null;
}

export interface AuditPage {
  readonly items: readonly AuditRecord[];
  /** Pass to the next call; null on the last page. */
  readonly nextCursor: string | null;
}

/** The records that every operation writes in the script that does it. Kept for 90 days. */
export abstract class AuditTrail {
  /**
   * Newest first.
   *
   * @throws RangeError for a cursor that no page gave out
   */
  abstract list(page: { readonly limit: number; readonly cursor?: string }): Promise<AuditPage>;
}
