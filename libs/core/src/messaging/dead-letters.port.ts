import type { OperatorAction } from '../operations/audit-trail.port.js';

/** One element of the dead-letter list, whoever wrote it. Null where the writer did not say. */
export interface DeadLetter {
  readonly id: string;
  readonly reason: string | null;
  readonly error: string | null;
  readonly failedAt: string | null;
  /** `failedAt` in Unix milliseconds; null where it cannot be read. */
  readonly failedAtMs: number | null;
  readonly messageId: string | null;
  readonly modelId: string | null;
  readonly attempts: number | null;
  readonly replayCount: number;
  /** The exact bytes that a replay pushes; null for garbage that holds no message. */
  readonly originalMessage: Uint8Array | null;
  /** The element exactly as it stands in Redis. It need not be text. */
  readonly element: Uint8Array;
}

export interface DeadLetterFilter {
  readonly reason?: string;
  readonly modelId?: string;
  /** Unix milliseconds: failed earlier than that. An entry that does not say when never fits. */
  readonly failedBefore?: number;
  /** Unix milliseconds: failed then or later. An entry that does not say when never fits. */
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
  /** Where the page begins: the cursor that was passed, put right when entries before it went. */
  readonly cursor: string;
  /** Pass to the next call; null on the last page. */
  readonly nextCursor: string | null;
  /** All entries in the list, whatever the filter. */
  readonly total: number;
}

/** `gone`: the entry is no longer in the list; `unreplayable`: it holds no message. */
export type ReplayResult = 'replayed' | 'gone' | 'unreplayable';

/** `auditId` names the record from which the entry can be restored. */
export type DiscardResult = { readonly result: 'discarded'; readonly auditId: string } | { readonly result: 'gone' };

/** `already_restored`: an entry comes back once; `unknown`: no such record, or one of another operation. */
export type RestoreResult = 'restored' | 'already_restored' | 'unknown';

/** The messages that the service, the producer or another consumer gave up on. Nothing is ever trimmed from it. */
export abstract class DeadLetters {
  /**
   * Oldest first. A page may hold fewer entries than `limit`, or none, and still have a next one.
   *
   * @throws RangeError for a cursor that no page gave out
   */
  abstract list(page: {
    readonly limit: number;
    readonly cursor?: string;
    readonly filter?: DeadLetterFilter;
  }): Promise<DeadLetterPage>;

  /** The cursor behind the entries of `passed`, which stood in this order behind `cursor` and stay. */
  abstract cursorAfter(cursor: string, passed: readonly DeadLetter[]): string;

  abstract find(id: string): Promise<DeadLetter | null>;

  /** Those that are there, by id, found in one walk at most. */
  abstract findAll(ids: readonly string[]): Promise<ReadonlyMap<string, DeadLetter>>;

  /**
   * Moves one entry's message back to the queue with a full budget of attempts and writes the audit record, in one
   * script. Two operators cannot replay one entry twice.
   */
  abstract replay(entry: DeadLetter, action: OperatorAction): Promise<ReplayResult>;

  /** Takes one entry out and keeps it whole in its audit record, in one script. */
  abstract discard(entry: DeadLetter, action: OperatorAction): Promise<DiscardResult>;

  /** Puts a discarded entry back, as the newest dead letter. */
  abstract restore(auditId: string, action: OperatorAction): Promise<RestoreResult>;
}
