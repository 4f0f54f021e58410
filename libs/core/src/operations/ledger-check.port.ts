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
}
