import type { ChainStateReader, DeploymentJobs, JobRestoration, LaneJournal } from '#core';
import type { DeploymentSite } from '#messages';

/**
 * Policy for the events of restored jobs, whose publication is unknown.
 * - `later`: the model's next message publishes it; until then `ledger:verify` reports it as missing
 * - `publish`: publish now, also for jobs of earlier rebuilds; consumers may receive a duplicate `event_id`
 * - `published`: the operator confirms their publication
 */
export type EventPolicy = 'later' | 'publish' | 'published';

export interface RebuildScope {
  readonly chain: ChainStateReader;
  readonly restoration: JobRestoration;
  readonly jobs: DeploymentJobs;
  readonly journal: LaneJournal;
  readonly site: DeploymentSite;
  /** EIP-55 addresses of the lanes whose tokens are restored. */
  readonly signers: readonly string[];
  /** Restores the tokens of other deployers. */
  readonly allDeployers: boolean;
  /** First block, for resuming an interrupted rebuild. Default: 0. */
  readonly fromBlock: number;
  readonly dryRun: boolean;
  readonly events: EventPolicy;
  /** Lets a lane's next nonce decrease to the chain's count. Only for a chain that was reset. */
  readonly acceptChainNonce: boolean;
  /** Called periodically with the last completed block. */
  readonly onProgress: (block: number) => void;
}

/**
 * - `right`: journal and chain agree
 * - `set`: the next nonce was set from the chain; in a dry run it would be
 * - `held`: a replica owns the lane and reconciles it
 * - `waiting`: the service must first finish pending transactions or open slots
 * - `ahead`: the journal's next nonce is above the chain's count
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
  /** Number of final tokens, and of those by other deployers. */
  readonly tokens: number;
  readonly foreignTokens: number;
  readonly restored: number;
  readonly present: number;
  readonly open: number;
  readonly published: number;
  /** Deployed jobs without a known published event. */
  readonly eventsMissing: number;
  /** Models whose job differs from the chain; at most 1,000. */
  readonly differing: readonly string[];
  /**
   * Number of models whose next message adopts the token and publishes its event, if the contracts keep no records.
   * `adoptableModels` lists at most 1,000.
   */
  readonly adoptable: number;
  readonly adoptableModels: readonly string[];
  /** Models without a job whose next message cannot adopt the token; at most 1,000. */
  readonly unadoptable: readonly string[];
  readonly lanes: readonly RebuiltLane[];
}
