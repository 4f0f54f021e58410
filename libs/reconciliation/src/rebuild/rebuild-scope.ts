import type { ChainStateReader, DeploymentJobs, JobRestoration, LaneJournal } from '#core';
import type { DeploymentSite } from '#messages';

/**
 * What becomes of the events of restored jobs, of which nobody can tell any more whether they were published.
 * - `later`: the next message for the model publishes it; until then an audit reports it as missing
 * - `publish`: now, also those of jobs that an earlier rebuild left without; a consumer may see an event again, under its id
 * - `published`: the operator vouches that they were
 */
export type EventPolicy = 'later' | 'publish' | 'published';

export interface RebuildScope {
  readonly chain: ChainStateReader;
  readonly restoration: JobRestoration;
  readonly jobs: DeploymentJobs;
  readonly journal: LaneJournal;
  readonly site: DeploymentSite;
  /** EIP-55 addresses of the lanes; their tokens are the ones that are restored. */
  readonly signers: readonly string[];
  /** Restores the tokens of other deployers as well. */
  readonly allDeployers: boolean;
  /** Block to begin with, for a rebuild that was interrupted. */
  readonly fromBlock: number;
  readonly dryRun: boolean;
  readonly events: EventPolicy;
  /** Lets a lane's next nonce go back to what the chain counts; only for a chain that began anew. */
  readonly acceptChainNonce: boolean;
  /** Called now and then with the block up to which everything is done. */
  readonly onProgress: (block: number) => void;
}

/**
 * - `right`: journal and chain agree
 * - `set`: the next nonce was taken from the chain (in a dry run: would be)
 * - `held`: a replica works with the lane and aligns it by itself
 * - `waiting`: transactions that are not final, or open slots, come first; the service does that
 * - `ahead`: the journal's next nonce is beyond what the chain counts
 */
export type LaneOutcome = 'right' | 'set' | 'held' | 'waiting' | 'ahead';

export interface RebuiltLane {
  readonly lane: string;
  readonly outcome: LaneOutcome;
  readonly detail: string;
}

export interface RebuildReport {
  readonly dryRun: boolean;
  readonly finalBlock: number;
  /** Final tokens of the contract that were read, and how many of them are other deployers'. */
  readonly tokens: number;
  readonly foreignTokens: number;
  readonly restored: number;
  readonly present: number;
  readonly open: number;
  readonly published: number;
  /** Deployed jobs whose event is not known to be out. */
  readonly eventsMissing: number;
  /** Models whose job has another record or token than the chain; the first thousand. */
  readonly differing: readonly string[];
  /**
   * Models whose token is there and whose job only a message can bring back, where the contracts keep no records: the next
   * message adopts the token and publishes its event. How many, and the first thousand.
   */
  readonly adoptable: number;
  readonly adoptableModels: readonly string[];
  /** Models without a job whose next message cannot adopt the token, as the configuration is; the first thousand. */
  readonly unadoptable: readonly string[];
  readonly lanes: readonly RebuiltLane[];
}
