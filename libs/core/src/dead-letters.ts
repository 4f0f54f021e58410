/** One element of the dead-letter list, whoever wrote it. Null where the writer did not say. */
export interface DeadLetter {
  readonly id: string;
  readonly reason: string | null;
  readonly error: string | null;
  readonly failedAt: string | null;
  readonly messageId: string | null;
  readonly modelId: string | null;
  readonly attempts: number | null;
  readonly replayCount: number;
  /** The exact bytes that a replay pushes; null for garbage that holds no message. */
  readonly originalMessage: Uint8Array | null;
  /** The element exactly as it stands in Redis, as text. */
  readonly raw: string;
}

export interface DeadLetterFilter {
  readonly reason?: string;
  readonly modelId?: string;
}

export interface DeadLetterPage {
  readonly items: readonly DeadLetter[];
  /** Pass to the next call; null on the last page. */
  readonly nextCursor: string | null;
  /** All entries in the list, whatever the filter. */
  readonly total: number;
}

/** `gone`: the entry is no longer in the list; `unreplayable`: it holds no message. */
export type ReplayResult = 'replayed' | 'gone' | 'unreplayable';

/** Who does it, and why: goes into the audit record. */
export interface OperatorAction {
  /** Id of the bearer token, never the token. */
  readonly actor: string;
  readonly requestId: string;
  readonly note: string | null;
}

/** The messages that the service, the producer or another consumer gave up on. Nothing is ever trimmed from it. */
export abstract class DeadLetters {
  /** Oldest first. */
  abstract list(page: {
    readonly limit: number;
    readonly cursor?: string;
    readonly filter?: DeadLetterFilter;
  }): Promise<DeadLetterPage>;

  abstract find(id: string): Promise<DeadLetter | null>;

  /**
   * Moves one entry's message back to the queue with a full budget of attempts and writes the audit record, in one
   * script. Two operators cannot replay one entry twice.
   */
  abstract replay(entry: DeadLetter, action: OperatorAction): Promise<ReplayResult>;
}
