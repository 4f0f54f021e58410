import type { OperatorAction } from '../operations/audit-trail.port.js';
import type { DeadLetter, DeadLetterFilter } from './dead-letters.port.js';

export type ReplaySelection =
  | { readonly kind: 'ids'; readonly ids: readonly string[] }
  /** The oldest that fit, at most `limit`, of those that were there when the run began. */
  | { readonly kind: 'oldest'; readonly filter: DeadLetterFilter; readonly limit: number };

export interface ReplayRequest {
  /** Chosen by the client: an order with the same id is the same run. */
  readonly id: string;
  readonly selection: ReplaySelection;
  readonly maxPerSecond: number | null;
  /** Also entries whose model has its token already. */
  readonly force: boolean;
  readonly action: OperatorAction;
}

/**
 * What became of one selected entry. Only `replayed` entries leave the dead letters; `repeated`: the run has replayed the
 * same message before, it came back or was there twice; `already_deployed`: its model has the token it asks for.
 */
export const REPLAY_OUTCOMES = ['replayed', 'gone', 'unreplayable', 'already_deployed', 'repeated'] as const;
export type ReplayOutcome = (typeof REPLAY_OUTCOMES)[number];

export interface ReplayedEntry {
  readonly id: string;
  readonly messageId: string | null;
  readonly modelId: string | null;
  readonly outcome: ReplayOutcome;
}

export type ReplayState = 'running' | 'finished' | 'cancelled';

/** How far a run is. */
interface ReplayProgress {
  readonly state: ReplayState;
  /** Where the run goes on: as the selection counts, null at the beginning. */
  readonly position: string | null;
  /** Entries passed, selected or not. */
  readonly examined: number;
  readonly counts: Readonly<Record<ReplayOutcome, number>>;
}

export interface ReplayRun extends ReplayProgress {
  readonly request: ReplayRequest;
  /** Entries in the list when the run began: no more are examined, so that what fails again is not met again. */
  readonly total: number;
  /** Asked to stop before the next entry. */
  readonly cancelling: boolean;
  /** Replicas that carried it on after another one. */
  readonly resumptions: number;
  /** Unix milliseconds, by the Redis clock. */
  readonly startedAt: number;
  /** Unix milliseconds, by the Redis clock. */
  readonly updatedAt: number;
}

/** The right to carry a run on, fenced: when it runs out and another replica takes the run, every step is refused. */
export interface ReplayLease {
  readonly token: string;
  readonly run: ReplayRun;
  /** Steps taken before this one: a repeated step is told from a new one. */
  readonly steps: number;
}

export interface ReplayStep {
  /** Entries passed since the last step that stay where they are, in order; those that were not selected are only counted. */
  readonly stayed: readonly ReplayedEntry[];
  readonly unselected: number;
  /** Where the run goes on after the step. */
  readonly position: string;
  /** To be replayed; null for a step that only records. */
  readonly push: DeadLetter | null;
}

export type StepResult =
  /** `outcome` of the push; null when there was none. */
  | { readonly kind: 'taken'; readonly outcome: 'replayed' | 'gone' | null; readonly lease: ReplayLease }
  /** Nothing was done: the run has replayed this very message before. */
  | { readonly kind: 'repeated' }
  /** Nothing was done: the rate allows the next push in so many milliseconds. */
  | { readonly kind: 'wait'; readonly ms: number }
  /** Nothing was done: an operator wants the run to end. */
  | { readonly kind: 'cancelled' }
  /** Nothing was done: the lease is lost. */
  | { readonly kind: 'fenced' };

export type StartResult =
  | { readonly kind: 'started'; readonly lease: ReplayLease }
  /** The run of this id was there before. */
  | { readonly kind: 'known' }
  /** Another run is not over. */
  | { readonly kind: 'busy'; readonly id: string };

/** Replays of many dead letters: one at a time over all replicas, carried on by another replica when one dies. */
export abstract class ReplayRuns {
  abstract start(order: ReplayRequest): Promise<StartResult>;

  /** Takes over the run that nobody carries on; null when there is none. */
  abstract takeOver(): Promise<ReplayLease | null>;

  /** Does and records one step in one script, and extends the lease. */
  abstract step(lease: ReplayLease, step: ReplayStep): Promise<StepResult>;

  /** Ends the run; it can be looked at for another day. */
  abstract end(lease: ReplayLease, state: Exclude<ReplayState, 'running'>): Promise<void>;

  /** Leaves the run to whoever adopts it next. */
  abstract release(lease: ReplayLease): Promise<void>;

  abstract cancel(id: string, action: OperatorAction): Promise<'cancelling' | 'ended' | 'unknown'>;

  abstract find(id: string): Promise<ReplayRun | null>;

  /** What became of the entries, in order; of a long run only the first thousand. */
  abstract results(id: string): Promise<readonly ReplayedEntry[]>;
}
