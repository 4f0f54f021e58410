import type { DeploymentJob } from '../jobs/deployment-jobs.port.js';
import type { JobResult } from '../jobs/token-deployer.port.js';
import type { Block, TransactionReceipt } from './chain.types.js';

/** Deploys tokens; registers one when that needs a transaction of its own; `noop` fills a nonce gap. */
export type TransactionKind = 'deploy' | 'register' | 'noop';

/** A simulated transaction without nonce, fees and signature. */
export interface PreparedTransaction {
  readonly kind: TransactionKind;
  readonly to: string;
  /** 0x-prefixed calldata. */
  readonly data: string;
  /** Wei. */
  readonly value: bigint;
  readonly gasLimit: bigint;
  /** Its jobs, in calldata order. */
  readonly jobs: readonly DeploymentJob[];
}

/** Limits of one submission. */
export interface SubmissionLimits {
  /** Maximum gas limit of one transaction. */
  readonly gasLimit: bigint;
  /** Maximum gas limit of a transaction of several jobs; one job alone may exceed it. */
  readonly batchGas: bigint;
  /** Percentage by which a gas limit exceeds the estimate. */
  readonly gasMarginPercent: bigint;
  /** Maximum number of transactions, registrations not counted; at least 1. */
  readonly transactions: number;
}

/** Tokens of jobs that already exist on chain. */
export interface Adoption {
  readonly findings: readonly JobResult[];
  /** Jobs that need a transaction: their token is unregistered or was reorged out. */
  readonly open: readonly DeploymentJob[];
  /** Why the token of a job in neither list cannot be read. */
  readonly errors?: readonly Error[];
}

/**
 * The outcome of simulating a batch with its exact calldata and sender. A job appears at most once; an absent job waits
 * for a later submission.
 */
export interface PreparedBatch {
  /** In sending order. */
  readonly transactions: readonly PreparedTransaction[];
  /** Jobs whose token exists at the newest block with the same record. Adopt it when it is final. */
  readonly alreadyDeployed: readonly DeploymentJob[];
  /** Jobs that would revert, and jobs whose registration is the registry owner's. */
  readonly results: readonly Extract<JobResult, { kind: 'failed' | 'unregistered' }>[];
  /** Jobs that only the named signer may submit. Default: none. */
  readonly reservedForSigner?: readonly { readonly job: DeploymentJob; readonly signer: string }[];
}

/** Builds and reads the transactions of one family of contracts. */
export abstract class TokenBackend {
  /**
   * EIP-55 address of the signer that every deployment needs. A process uses other signers only while it holds this
   * one's lane. Null when each signer suffices. May change while the service runs.
   */
  get requiredSigner(): string | null {
    return null;
  }

  /** Gas of one token with all of its transactions, until the first is final. */
  get gasPerToken(): bigint {
    return 95_000n;
  }

  /** Names the accounts that send from now on. @param _signers EIP-55 addresses */
  setSigners(_signers: readonly string[]): void {}

  /** Returns the kind of an own transaction by its calldata. */
  kindOf(_data: string): TransactionKind {
    return 'deploy';
  }

  /**
   * Compares the chain with the configuration before the first transaction.
   *
   * @param signers EIP-55 addresses that will send
   * @throws StartupError for unexpected contracts or an unauthorised signer
   */
  abstract checkAtStartup(signers: readonly string[]): Promise<void>;

  /**
   * Returns a predicate that fills one batch. Call it for each waiting job until it returns false. The first job always
   * fits.
   */
  abstract selection(room: SubmissionLimits): (job: DeploymentJob) => boolean;

  /**
   * Simulates a batch from `sender` and excludes jobs that must not be sent.
   *
   * @throws HoldError when RPC is unavailable or the sender may not deploy
   */
  abstract prepare(jobs: readonly DeploymentJob[], sender: string, room: SubmissionLimits): Promise<PreparedBatch>;

  /**
   * Reads the result of each job from a final receipt. Multi-step deployments read their progress from the chain, so a
   * job stores none.
   */
  abstract readResults(
    jobs: readonly DeploymentJob[],
    receipt: TransactionReceipt,
    block: Block,
  ): Promise<readonly JobResult[]>;

  /**
   * Looks up the jobs' tokens at a final block. Ask again later for a job that is neither found nor open.
   *
   * @param finalBlock number of the newest block that counts as final
   */
  abstract adopt(jobs: readonly DeploymentJob[], finalBlock: number): Promise<Adoption>;
}
