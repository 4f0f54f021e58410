import type { DeploymentRecord } from '../jobs/deployment-record.js';
import type { ChainJob } from '../jobs/job-restoration.port.js';

/** One `TokenDeployed` event of the contract. */
export interface ChainDeployment {
  /** Null when the event holds only its hash and no own account made the token. */
  readonly modelId: string | null;
  /** EIP-55. */
  readonly tokenAddress: string;
  /** EIP-55 address of the caller of the contract. */
  readonly deployer: string;
  readonly mlflowRunId: string | null;
  readonly transactionHash: string;
  readonly blockNumber: number;
}

/** One registry event, for contracts that register a token in a transaction of its own. */
export interface ChainRegistration {
  readonly modelId: string;
  /** EIP-55. */
  readonly tokenAddress: string;
  readonly transactionHash: string;
}

/** The token of a model as the contracts report it. */
export interface ChainToken {
  /** EIP-55. */
  readonly address: string;
  /** The stored part of the record; complete when the contracts keep records. */
  readonly record: Partial<DeploymentRecord>;
  /** EIP-55 address of the registered token; null while none is registered. */
  readonly registered: string | null;
}

/** Transaction counts of one account. */
export interface AccountNonces {
  /** At the final block; null when the node lacks that historical state. */
  readonly final: number | null;
  readonly latest: number;
  readonly pending: number;
}

/**
 * Reads tokens, registrations and nonces from the chain. Sends nothing. Every method throws `HoldError` when RPC is
 * unavailable.
 */
export abstract class ChainStateReader {
  /**
   * True when the contracts store whole records. Then a token matches a job by its record. Otherwise only tokens of own
   * accounts match, and a job cannot be restored without its message.
   */
  abstract readonly keepsRecords: boolean;

  /** EIP-55 addresses of former signers without a lane. Their tokens count as own. */
  abstract readonly formerDeployers: readonly string[];

  /** Numbers of the newest and the newest final block. `final` is negative on a young chain. */
  abstract head(): Promise<{ readonly latest: number; readonly final: number }>;

  /** All deployments up to a block, oldest first, in pages of bounded size. */
  abstract deployments(toBlock: number, fromBlock?: number): AsyncIterable<readonly ChainDeployment[]>;

  /** All registrations up to a block, oldest first. Empty when a deployment registers its token. */
  abstract registrations(toBlock: number): AsyncIterable<readonly ChainRegistration[]>;

  /** Rebuilds jobs from final deployments, in no order. Empty when the contracts keep no records. */
  abstract toChainJobs(deployments: readonly ChainDeployment[]): Promise<readonly ChainJob[]>;

  /**
   * Returns, for each deployment of an own account, whether the model's next message can adopt the token. False when
   * its terms differ from the configuration or another token is registered.
   */
  abstract adoptable(deployments: readonly ChainDeployment[]): Promise<readonly boolean[]>;

  abstract deploymentsOf(modelId: string, toBlock: number): Promise<readonly ChainDeployment[]>;

  /** At the newest block, in the order of the model ids; null for a model without a token. */
  abstract tokens(modelIds: readonly string[]): Promise<readonly (ChainToken | null)[]>;

  abstract nonces(address: string, finalBlock: number): Promise<AccountNonces>;

  /** Decodes a signed transaction; null for anything else. */
  abstract readSigned(
    raw: string,
  ): { readonly hash: string; readonly sender: string; readonly nonce: number; readonly chainId: number } | null;
}
