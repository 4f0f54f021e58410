import type { OperatorAction } from '../operations/audit-trail.port.js';

/** One element of the dead-letter list. Fields are null when its writer omitted them. */
export interface DeadLetter {
  readonly id: string;
  readonly reason: string | null;
  readonly error: string | null;
  readonly failedAt: string | null;
  /** `failedAt` in Unix milliseconds; null when it is malformed. */
  readonly failedAtMs: number | null;
  readonly messageId: string | null;
  readonly modelId: string | null;
  readonly attempts: number | null;
  readonly replayCount: number;
  /** The bytes that a replay pushes; null when the entry holds no message. */
  readonly originalMessage: Uint8Array | null;
  /** The element's bytes in Redis. They need not be text. */
  readonly element: Uint8Array;
}

export interface DeadLetterFilter {
  readonly reason?: string;
  readonly modelId?: string;
  /** Unix milliseconds, exclusive. Entries without a time never match. */
  readonly failedBefore?: number;
  /** Unix milliseconds, inclusive. Entries without a time never match. */
  readonly failedAfter?: number;
}

export function matchesFilter(letter: DeadLetter, filter: DeadLetterFilter): boolean {
  const { reason, modelId, failedBefore, failedAfter } = filter;
  return (
    (reason === undefined || letter.reason === reason) &&
    (modelId === undefined || letter.modelId === modelId) &&
    (failedBefore === undefined || (letter.failedAtMs !== null && letter.failedAtMs < failedBefore)) &&
    (failedAfter === undefined || (letter.failedAtMs !== null && letter.failedAtMs >= failedAfter))
  );
}

export interface DeadLetterPage {
  readonly items: readonly DeadLetter[];
  /** Cursor of this page, corrected for entries removed before it. */
  readonly cursor: string;
  /** Pass to the next call; null on the last page. */
  readonly nextCursor: string | null;
  /** Number of all entries, ignoring the filter. */
  readonly total: number;
}

/** `gone`: the entry is no longer in the list; `unreplayable`: it holds no message. */
export type ReplayResult = 'replayed' | 'gone' | 'unreplayable';

/** `auditId` names the record from which the entry can be restored. */
export type DiscardResult = { readonly result: 'discarded'; readonly auditId: string } | { readonly result: 'gone' };

/** `already_restored`: an entry is restored once; `unknown`: no discard record has this id. */
export type RestoreResult = 'restored' | 'already_restored' | 'unknown';

/** The dead-letter queue (DLQ). The service, the producer and other consumers write to it. It is never trimmed. */
export abstract class DeadLetters {
  /**
   * Oldest first. A page may be short or empty and still have a next page.
   *
   * @throws RangeError for a malformed cursor
   */
  abstract list(page: {
    readonly limit: number;
    readonly cursor?: string;
    readonly filter?: DeadLetterFilter;
  }): Promise<DeadLetterPage>;

  /** Returns the cursor behind `passed`, the entries that follow `cursor` and remain in the list. */
  abstract cursorAfter(cursor: string, passed: readonly DeadLetter[]): string;

  abstract find(id: string): Promise<DeadLetter | null>;

  /** Existing entries by id. Scans the list at most once. */
  abstract findAll(ids: readonly string[]): Promise<ReadonlyMap<string, DeadLetter>>;

  /**
   * Requeues one entry's message with a full retry budget and writes the audit record, in one script. An entry is
   * replayed at most once.
   */
  abstract replay(entry: DeadLetter, action: OperatorAction): Promise<ReplayResult>;

  /** Removes one entry and keeps its bytes in the audit record, in one script. */
  abstract discard(entry: DeadLetter, action: OperatorAction): Promise<DiscardResult>;

  /** Restores a discarded entry as the newest dead letter. */
  abstract restore(auditId: string, action: OperatorAction): Promise<RestoreResult>;
}
