import type { DeployedToken } from './deployment-jobs.port.js';
import type { DeploymentRequest } from './deployment-record.js';

/** A final deployment, read from the chain. */
export interface ChainJob {
  /** Lacks the fields that only a message holds. */
  readonly request: DeploymentRequest;
  readonly token: DeployedToken;
}

/**
 * - `restored`: the job was missing or failed and is `deployed` now
 * - `present`: the job is deployed with this token
 * - `open`: the job is in progress and will adopt the token
 * - `differs`: the job has another record or token and was not changed
 */
export type Restoration = 'restored' | 'present' | 'open' | 'differs';

export interface RestorationOptions {
  /** Reports the changes and writes nothing. */
  readonly dryRun?: boolean;
  /**
   * Returns the event id of a job whose event was published before. Without it, completing the job or the model's next
   * message publishes the event.
   */
  readonly publishedAs?: (modelId: string) => string;
}

/** Restores lost jobs from final deployments. */
export abstract class JobRestoration {
  /** Returns one outcome per job, in order. Idempotent; safe beside running replicas. */
  abstract restore(jobs: readonly ChainJob[], options?: RestorationOptions): Promise<readonly Restoration[]>;
}
