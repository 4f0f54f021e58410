import type { DeployedToken, DeploymentJob, JobUpdate } from './deployment-jobs.port.js';
import type { ClosedSlot } from '../lanes/lane-journal.port.js';

/** Deploys the tokens of admitted jobs. */
export abstract class TokenDeployer {
  /** Queues the jobs and returns at once. Ignores known jobs. Results go to `JobResultHandler`. */
  abstract submit(jobs: readonly DeploymentJob[]): void;
}

/** Receives the results of jobs. */
export abstract class JobResultHandler {
  /**
   * Publishes events and completes jobs. Idempotent.
   *
   * @param slot the slot to close; null for jobs without a transaction, such as an adoption
   * @returns false when the lane was lost; nothing was written
   */
  abstract complete(slot: ClosedSlot | null, verdicts: readonly JobResult[]): Promise<boolean>;

  /** Returns the jobs' messages to the head of the queue. Consumes no retry. */
  abstract release(modelIds: readonly string[]): Promise<void>;
}

/**
 * The result of one job.
 *
 * - `adopted`: the token existed with the same record
 * - `unregistered`: the token exists; the registry owner has to register it
 * - `advanced`: the step succeeded; the job needs another transaction
 * - `returned`: the transaction did not execute the job; another may
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
