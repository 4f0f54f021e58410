import type { OperatorAction } from '../operations/audit-trail.port.js';
import type { DeadLetter, DeadLetterFilter } from './dead-letters.port.js';

export type ReplaySelection =
  | { readonly kind: 'ids'; readonly ids: readonly string[] }
  /** The oldest matching entries, at most `limit`, of those present at the start. */
  | { readonly kind: 'oldest'; readonly filter: DeadLetterFilter; readonly limit: number };

export interface ReplayRequest {
  /** Chosen by the client. Requests with the same id are the same run. */
  readonly id: string;
  readonly selection: ReplaySelection;
  readonly maxPerSecond: number | null;
  /** Includes entries whose model has a token. */
  readonly force: boolean;
  readonly action: OperatorAction;
}

/**
 * The outcome of one selected entry. Only `replayed` removes it from the DLQ. `repeated`: the run replayed the same
 * message before. `already_deployed`: its model has the requested token.
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

/** Progress of a run. */
interface ReplayProgress {
  readonly state: ReplayState;
  /** Position of the next entry; null at the start. */
  readonly position: string | null;
  /** Number of entries examined, selected or not. */
  readonly examined: number;
  readonly counts: Readonly<Record<ReplayOutcome, number>>;
}

export interface ReplayRun extends ReplayProgress {
  readonly request: ReplayRequest;
  /** Entries in the list at the start. The run examines no newer ones, so it never replays its own failures. */
  readonly total: number;
  /** True after a cancel request. */
  readonly cancelling: boolean;
  /** Number of takeovers by another replica. */
  readonly resumptions: number;
  /** Unix milliseconds, by the Redis clock. */
  readonly startedAt: number;
  /** Unix milliseconds, by the Redis clock. */
  readonly updatedAt: number;
}

/** The fenced right to execute a run. Steps fail after another replica takes over. */
export interface ReplayLease {
  readonly token: string;
  readonly run: ReplayRun;
  /** Number of earlier steps; identifies a repeated step. */
  readonly steps: number;
}

export interface ReplayStep {
  /** Selected entries that stay in the DLQ, in order. */
  readonly stayed: readonly ReplayedEntry[];
  readonly unselected: number;
  /** Position after the step. */
  readonly position: string;
  /** The entry to replay; null to record progress only. */
  readonly push: DeadLetter | null;
}

export type StepResult =
  /** `outcome` of the push; null without a push. */
  | { readonly kind: 'taken'; readonly outcome: 'replayed' | 'gone' | null; readonly lease: ReplayLease }
  /** No change: the run replayed this message before. */
  | { readonly kind: 'repeated' }
  /** No change: the rate limit allows the next push in `ms`. */
  | { readonly kind: 'wait'; readonly ms: number }
  /** No change: an operator cancelled the run. */
  | { readonly kind: 'cancelled' }
  /** No change: the lease is lost. */
  | { readonly kind: 'fenced' };

export type StartResult =
  | { readonly kind: 'started'; readonly lease: ReplayLease }
  /** A run with this id exists. */
  | { readonly kind: 'known' }
  /** Another run is active. */
  | { readonly kind: 'busy'; readonly id: string };

/** Stores bulk replays of dead letters. One run is active at a time; another replica takes it over after a crash. */
export abstract class ReplayRuns {
  abstract start(order: ReplayRequest): Promise<StartResult>;

  /** Takes over an abandoned run; null when there is none. */
  abstract takeOver(): Promise<ReplayLease | null>;

  /** Executes and records one step and extends the lease, in one script. */
  abstract step(lease: ReplayLease, step: ReplayStep): Promise<StepResult>;

  /** Ends the run. It stays readable for one day. */
  abstract end(lease: ReplayLease, state: Exclude<ReplayState, 'running'>): Promise<void>;

  /** Releases the run for a takeover. */
  abstract release(lease: ReplayLease): Promise<void>;

  abstract cancel(id: string, action: OperatorAction): Promise<'cancelling' | 'ended' | 'unknown'>;

  abstract find(id: string): Promise<ReplayRun | null>;

  /** Outcomes in order; at most the first 1,000. */
  abstract results(id: string): Promise<readonly ReplayedEntry[]>;
}
