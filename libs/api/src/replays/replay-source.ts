import type { DeadLetter } from '#core';

/** An entry that a replay comes by. */
export interface ReplayCandidate {
  readonly id: string;
  /** Null when it is gone. */
  readonly entry: DeadLetter | null;
  /** Whether the selection means it. */
  readonly selected: boolean;
}

/** The entries of a selection, one after the other. */
export interface ReplaySource {
  /** Null at the end. */
  next(): Promise<ReplayCandidate | null>;

  /** Says that the entry given last stays in the list; it is taken for removed otherwise. */
  stayed(): void;

  /** Where the run goes on after the entry given last. */
  readonly position: string;
}
