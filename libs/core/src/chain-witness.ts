import type { DeploymentRecord } from './deployment-record.js';
import type { ChainJob } from './job-restoration.js';

/** One `TokenDeployed` event of the contract. */
export interface ChainDeployment {
  readonly modelId: string;
  /** EIP-55. */
  readonly tokenAddress: string;
  /** EIP-55 address of who called the contract. */
  readonly deployer: string;
  readonly mlflowRunId: string | null;
  readonly transactionHash: string;
  readonly blockNumber: number;
}

/** What the contract says of a model. */
export interface ChainToken {
  /** EIP-55. */
  readonly address: string;
  readonly record: DeploymentRecord;
}

/** How many transactions of an account the chain counts. */
export interface AccountNonces {
  /** At the final block; null where the node keeps no state that old. */
  readonly final: number | null;
  readonly latest: number;
  readonly pending: number;
}

/** Reads what the chain keeps about all models, and sends nothing. Every method throws `Held` when it cannot be asked. */
export abstract class ChainWitness {
  /** Numbers of the newest block and of the newest final one; the latter is negative on a young chain. */
  abstract head(): Promise<{ readonly latest: number; readonly final: number }>;

  /** All deployments up to a block, oldest first, in pages of bounded size. */
  abstract deployments(toBlock: number, fromBlock?: number): AsyncIterable<readonly ChainDeployment[]>;

  /** The jobs that these final deployments carried out, as far as the chain knows them; in no order. */
  abstract jobsOf(deployments: readonly ChainDeployment[]): Promise<readonly ChainJob[]>;

  abstract deploymentsOf(modelId: string, toBlock: number): Promise<readonly ChainDeployment[]>;

  /** At the newest block, in the order of the model ids; null for a model without a token. */
  abstract tokens(modelIds: readonly string[]): Promise<readonly (ChainToken | null)[]>;

  abstract nonces(address: string, finalBlock: number): Promise<AccountNonces>;

  /** Null for bytes that are no signed transaction. */
  abstract readSigned(
    raw: string,
  ): { readonly hash: string; readonly sender: string; readonly nonce: number; readonly chainId: number } | null;
}
