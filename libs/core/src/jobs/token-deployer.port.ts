import type { DeployedToken, DeploymentJob, JobUpdate } from './deployment-jobs.port.js';
import type { ClosedSlot } from '../lanes/lane-journal.port.js';

/** Where admitted jobs go to become tokens. */
export abstract class TokenDeployer {
  /** Takes the jobs and returns at once; a job it has already is ignored. The verdicts come through `JobResultHandler`. */
  abstract submit(jobs: readonly DeploymentJob[]): void;
}

/** Where verdicts about jobs go. */
export abstract class JobResultHandler {
  /**
   * Publishes and settles; safe to repeat after a failure.
   *
   * @param slot the journalled transaction that the verdicts close; null for jobs that need none, such as an adoption
   * @returns false when the lane was lost and nothing was settled
   */
  abstract complete(slot: ClosedSlot | null, verdicts: readonly JobResult[]): Promise<boolean>;

  /** Gives back the messages of jobs that this process cannot carry out now: to the head of the queue, no attempt spent. */
  abstract release(modelIds: readonly string[]): Promise<void>;
}

/**
 * A verdict before its event is written.
 *
 * - `adopted`: the token was there already, with the same record
 * - `unregistered`: the token is there, and somebody else has to register it
 * - `advanced`: the transaction has done its part, and the deployment wants the next one
 * - `returned`: the transaction did not carry the job out, and another may
 */
export type JobResult =
  | {
      readonly kind: 'deployed' | 'adopted';
      readonly job: DeploymentJob;
      readonly token: DeployedToken;
    }
  | { readonly kind: 'unregistered'; readonly job: DeploymentJob; readonly token: DeployedToken }
  | { readonly kind: 'advanced'; readonly modelId: string }
  | Exclude<JobUpdate, { readonly token: unknown }>;
