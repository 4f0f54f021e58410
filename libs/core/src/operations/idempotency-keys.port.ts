/** An answer that was given, to be given again. */
export interface StoredAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

export type Reservation =
  /** The caller does the work and then stores the answer, or forgets the key. */
  | { readonly kind: 'reserved' }
  | { readonly kind: 'answered'; readonly answer: StoredAnswer }
  /** Another request with this key is at work. */
  | { readonly kind: 'in_progress' }
  /** The key was used for another request. */
  | { readonly kind: 'mismatch' };

/** Remembers for 24 hours how requests were answered, for clients that send one again after a lost answer. */
export abstract class IdempotencyKeys {
  /**
   * A reservation that gets no answer, because its process died, ends after a minute.
   *
   * @param fingerprint equal for two requests exactly when they ask for the same
   */
  abstract reserve(key: string, fingerprint: string): Promise<Reservation>;

  abstract store(key: string, fingerprint: string, answer: StoredAnswer): Promise<void>;

  /** The request failed and may be tried again under the same key. */
  abstract forget(key: string): Promise<void>;
}
