/** A stored HTTP response. */
export interface StoredAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

export type Reservation =
  /** The caller executes the request, then stores its response or forgets the key. */
  | { readonly kind: 'reserved' }
  | { readonly kind: 'answered'; readonly answer: StoredAnswer }
  /** A request with this key is in progress. */
  | { readonly kind: 'in_progress' }
  /** The key belongs to another request. */
  | { readonly kind: 'mismatch' }
  /** The answers stored in this hour take too many bytes. */
  | { readonly kind: 'exhausted'; readonly waitMs: number };

/** Stores responses by idempotency key for 24 hours, at most 16 MiB of them an hour. */
export abstract class IdempotencyKeys {
  /**
   * Reserves the key for one minute.
   *
   * @param fingerprint equal exactly for identical requests
   */
  abstract reserve(key: string, fingerprint: string): Promise<Reservation>;

  abstract store(key: string, fingerprint: string, answer: StoredAnswer): Promise<void>;

  /** Deletes a reservation after a failed request, so that the client may retry. */
  abstract forget(key: string): Promise<void>;
}
