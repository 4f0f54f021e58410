import type { DeploymentJob } from '../jobs/deployment-jobs.port.js';
import type { JobResult } from '../jobs/token-deployer.port.js';
import type { Block, TransactionReceipt } from './chain.types.js';

/** What a transaction does: makes tokens, or has one registered where that takes a transaction of its own. */
export type TransactionKind = 'deploy' | 'register';

/** A transaction that was simulated and wants a nonce, fees and a signature. */
export interface PreparedTransaction {
  readonly kind: TransactionKind;
  readonly to: string;
  /** 0x-prefixed calldata. */
  readonly data: string;
  /** Wei. */
  readonly value: bigint;
  readonly gasLimit: bigint;
  /** What it carries, in the order of the calldata. */
  readonly jobs: readonly DeploymentJob[];
}

/** What one round of submission has to spend. */
export interface SubmissionLimits {
  /** The most gas that one transaction may ask for. */
  readonly gasLimit: bigint;
  /** Transactions that may go out now, at least one. */
  readonly transactions: number;
}

/**
 * What a simulation, with the exact calldata and sender, says of a batch. Every job is in one place at most; one in none
 * waits for a later round.
 */
export interface PreparedBatch {
  /** To be sent in this order. */
  readonly transactions: readonly PreparedTransaction[];
  /** Their token stands at the newest block with the same record: adopt it once it is final. */
  readonly alreadyDeployed: readonly DeploymentJob[];
  /** They would revert, or all that is left of them is somebody else's to do. */
  readonly results: readonly Extract<JobResult, { kind: 'failed' | 'unregistered' }>[];
  /** Only that other signer of ours may send what they need now; none without. */
  readonly reservedForSigner?: readonly { readonly job: DeploymentJob; readonly signer: string }[];
}

/** A family of contracts that makes tokens. Adapters differ in calldata and in how they read the chain, in nothing else. */
export abstract class TokenBackend {
  /**
   * The signer without whom the others cannot finish what they begin: a process works with the others only while it has this
   * one, too. EIP-55; null where each can do everything. It may change while the service runs.
   */
  get requiredSigner(): string | null {
    return null;
  }

  /** What a transaction of ours does, by its calldata. */
  kindOf(_data: string): TransactionKind {
    return 'deploy';
  }

  /**
   * Compares the chain with the configuration before the first transaction.
   *
   * @param signers EIP-55 addresses that will send
   * @throws StartupError when the contracts are not the expected ones or a signer may not deploy
   */
  abstract checkAtStartup(signers: readonly string[]): Promise<void>;

  /**
   * Decides how many jobs make a batch: to be asked about the waiting jobs one after the other, until it answers false.
   * The first always fits.
   */
  abstract selection(room: SubmissionLimits): (job: DeploymentJob) => boolean;

  /**
   * Simulates a batch as `sender` would send it, and leaves out what must not be sent.
   *
   * @throws HoldError when the chain cannot be asked, or the sender may not deploy
   */
  abstract prepare(jobs: readonly DeploymentJob[], sender: string, room: SubmissionLimits): Promise<PreparedBatch>;

  /**
   * Reads from a final receipt what became of the jobs that its transaction carried. What a step of several did is final
   * then, and is read off the chain when the next one is prepared: no job needs to remember how far it is.
   */
  abstract readResults(
    jobs: readonly DeploymentJob[],
    receipt: TransactionReceipt,
    block: Block,
  ): Promise<readonly JobResult[]>;

  /**
   * Looks for the jobs' tokens at a final block. `open` jobs need a transaction: their token is not registered, or not
   * there even at the newest block, because a reorg took it; a job in neither list is to be asked about again later.
   *
   * @param finalBlock number of the newest block that counts as final
   */
  abstract adopt(
    jobs: readonly DeploymentJob[],
    finalBlock: number,
  ): Promise<{ readonly findings: readonly JobResult[]; readonly open: readonly DeploymentJob[] }>;
}
