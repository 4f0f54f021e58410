import type { DeploymentRecord } from '../jobs/deployment-record.js';
import type { ChainJob } from '../jobs/job-restoration.port.js';

/** One `TokenDeployed` event of the contract. */
export interface ChainDeployment {
  /** Null where the event has only its hash, and nothing else shows it: then an account of ours did not make the token. */
  readonly modelId: string | null;
  /** EIP-55. */
  readonly tokenAddress: string;
  /** EIP-55 address of who called the contract. */
  readonly deployer: string;
  readonly mlflowRunId: string | null;
  readonly transactionHash: string;
  readonly blockNumber: number;
}

/** One event that lists a token under a model, where that is not part of its deployment. */
export interface ChainRegistration {
  readonly modelId: string;
  /** EIP-55. */
  readonly tokenAddress: string;
  readonly transactionHash: string;
}

/** What the contracts say of a model that has a token. */
export interface ChainToken {
  /** EIP-55. */
  readonly address: string;
  /** What they keep of the record: all of it where they keep records. */
  readonly record: Partial<DeploymentRecord>;
  /** EIP-55 address under which the model is registered, the same where that is part of its deployment; null while it is not. */
  readonly registered: string | null;
}

/** How many transactions of an account the chain counts. */
export interface AccountNonces {
  /** At the final block; null where the node keeps no state that old. */
  readonly final: number | null;
  readonly latest: number;
  readonly pending: number;
}

/** Reads what the chain keeps about all models, and sends nothing. Every method throws `HoldError` when it cannot be asked. */
export abstract class ChainStateReader {
  /**
   * Whether the contracts keep what a job is made of. Then a token is a job's whose record it has, whoever made it. Otherwise
   * only a token that one of our accounts made can be a job's, and no job can be restored without its message.
   */
  abstract readonly keepsRecords: boolean;

  /** EIP-55 addresses of accounts that were ours before and have no lane: their tokens are ours. */
  abstract readonly formerDeployers: readonly string[];

  /** Numbers of the newest block and of the newest final one; the latter is negative on a young chain. */
  abstract head(): Promise<{ readonly latest: number; readonly final: number }>;

  /** All deployments up to a block, oldest first, in pages of bounded size. */
  abstract deployments(toBlock: number, fromBlock?: number): AsyncIterable<readonly ChainDeployment[]>;

  /** All registrations up to a block, as `deployments`; none where they are part of the deployments. */
  abstract registrations(toBlock: number): AsyncIterable<readonly ChainRegistration[]>;

  /** The jobs that these final deployments carried out, in no order; none where the contracts keep no records. */
  abstract toChainJobs(deployments: readonly ChainDeployment[]): Promise<readonly ChainJob[]>;

  /**
   * In the order of these deployments by accounts of ours: whether a message for the model can still get that token. Not where
   * it has other terms than the configured ones, or another token is registered: then the message ends as a conflict.
   */
  abstract adoptable(deployments: readonly ChainDeployment[]): Promise<readonly boolean[]>;

  abstract deploymentsOf(modelId: string, toBlock: number): Promise<readonly ChainDeployment[]>;

  /** At the newest block, in the order of the model ids; null for a model without a token. */
  abstract tokens(modelIds: readonly string[]): Promise<readonly (ChainToken | null)[]>;

  abstract nonces(address: string, finalBlock: number): Promise<AccountNonces>;

  /** Null for bytes that are no signed transaction. */
  abstract readSigned(
    raw: string,
  ): { readonly hash: string; readonly sender: string; readonly nonce: number; readonly chainId: number } | null;
}
