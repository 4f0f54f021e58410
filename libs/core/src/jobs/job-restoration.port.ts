import type { DeployedToken } from './deployment-jobs.port.js';
import type { DeploymentRequest } from './deployment-record.js';

/** What the chain knows of a deployment that is final. */
export interface ChainJob {
  /** Without what only the message said. Fees and times of the attempts are not known either. */
  readonly request: DeploymentRequest;
  readonly token: DeployedToken;
}

/**
 * - `restored`: the ledger had no job of the model, or a failed one; it is deployed now
 * - `present`: the job is deployed with this very token
 * - `open`: the job is being worked on, which will find the token
 * - `differs`: the job is deployed with another record or token; it was left alone
 */
export type Restoration = 'restored' | 'present' | 'open' | 'differs';

export interface RestorationOptions {
  /** Says what would be done, and writes nothing. */
  readonly dryRun?: boolean;
  /**
   * The id under which the job's event was published before: whoever passes it vouches for that. Without it the event of a
   * restored job is published when it is settled once more, or when a message for the model comes.
   */
  readonly publishedAs?: (modelId: string) => string;
}

/** Brings back jobs that Redis lost, from what is final on the chain. */
export abstract class JobRestoration {
  /** One outcome for each job, in their order. Safe to repeat, and beside replicas that work. */
  abstract restore(jobs: readonly ChainJob[], options?: RestorationOptions): Promise<readonly Restoration[]>;
}
