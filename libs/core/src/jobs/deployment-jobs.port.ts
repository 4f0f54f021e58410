import type { DeploymentRecord, DeploymentRequest } from './deployment-record.js';
import type { ClosedSlot, SignedAttempt } from '../lanes/lane-journal.port.js';
import type { ClaimedMessage } from '../messaging/message-queue.port.js';
import type { DeadLetterReason } from '../common/reasons.js';

/**
 * - `admitted`: waits for a transaction
 * - `submitted`: in a journaled transaction that is not final
 * - `deployed_unregistered`: the token is final and its event published; the registry owner has to register it
 * - `deployed`: the token is final and registered, and its event is published
 * - `failed`: abandoned or waiting for a retry; the model's next message reopens it
 */
export const JOB_STATES = ['admitted', 'submitted', 'deployed_unregistered', 'deployed', 'failed'] as const;
export type JobState = (typeof JOB_STATES)[number];

/** The call by which the registry owner registers a token. */
export interface Registration {
  /** EIP-55 address of the registry. */
  readonly to: string;
  /** 0x-prefixed. */
  readonly calldata: string;
}

/** A deployed token and its transaction. */
export interface DeployedToken {
  readonly tokenAddress: string;
  readonly transactionHash: string;
  /**
   * Hash of the registering transaction; null before registration. Equals `transactionHash` when one transaction does
   * both.
   */
  readonly registryTransactionHash: string | null;
  /** The pending registration; null when registered. */
  readonly registration: Registration | null;
  readonly blockNumber: number;
  /** Unix seconds of the block. */
  readonly blockTimestamp: number;
  /** This token's share of the transaction's gas. */
  readonly gasUsed: bigint;
  /** Effective gas price, wei per gas. */
  readonly gasPrice: bigint;
  /** This token's share of the transaction's L1 data fee, wei. Absent without one. */
  readonly layerOneFee?: bigint;
  readonly deployerAddress: string;
  /** EIP-55 address of the former contract of the queue that made it. Default: the current contract. */
  readonly contract?: string;
}

/** The deployment of one model, keyed by model id. */
export interface DeploymentJob {
  readonly request: DeploymentRequest;
  readonly state: JobState;
  /** The slot of its transaction; null unless `submitted`. */
  readonly slot: { readonly lane: string; readonly nonce: number } | null;
  readonly token: DeployedToken | null;
  /** Id of the published event; null before publication. */
  readonly eventId: string | null;
  readonly failure: { readonly reason: DeadLetterReason; readonly error: string } | null;
  /** Every transaction signed for it, oldest first. */
  readonly attempts: readonly SignedAttempt[];
  /** Unix milliseconds. */
  readonly createdAt: number;
  /** Unix milliseconds. */
  readonly updatedAt: number;
}

/** The outcome of admitting one message. */
export type Admission =
  /** The job waits for a transaction: submit it. */
  | { readonly kind: 'admitted'; readonly job: DeploymentJob }
  /** The job is in a journaled transaction; completing the job also acknowledges this message. */
  | { readonly kind: 'attached' }
  /** The token exists. Acknowledge the message as a duplicate. */
  | { readonly kind: 'deployed'; readonly token: DeployedToken }
  /** The budget of the producer has no room for another model. Admit the message again after `delayMs`. */
  | { readonly kind: 'delayed'; readonly delayMs: number }
  /** A job with another record is open, and its outcome decides. Keep the message and admit it again. */
  | { readonly kind: 'waiting' }
  /** The stored job cannot be read. Keep the message and admit it again: the job may be repaired. */
  | { readonly kind: 'unreadable'; readonly detail: string }
  /** The model's token has another record. */
  | { readonly kind: 'conflict'; readonly detail: string };

/** The record that a result is about. */
interface JudgedRecord {
  /** Without a transaction, a job that has another record by now stays as it is. */
  readonly record?: DeploymentRecord;
}

/** The change that completes one job, with or without a transaction. */
export type JobUpdate =
  /** The script that completes the job publishes the event. */
  | ({
      readonly kind: 'deployed' | 'unregistered';
      readonly modelId: string;
      readonly token: DeployedToken;
      readonly eventId: string;
      /** JSON text for the list of events; null for an event that only the second list gets. */
      readonly event: string | null;
      /** JSON text for the second list. Default: none. */
      readonly fullEvent?: string | null;
    } & JudgedRecord)
  | ({
      readonly kind: 'failed';
      readonly modelId: string;
      readonly reason: DeadLetterReason;
      readonly error: string;
    } & JudgedRecord)
  /** The final transaction did not finish the job. Its state returns to `admitted` or `deployed_unregistered`. */
  | { readonly kind: 'returned'; readonly modelId: string };

/** The messages of a completed job. */
export interface CompletedJob {
  readonly modelId: string;
  /** False when an earlier call completed the job. */
  readonly changed: boolean;
  /** Leases acknowledged by the same script (`deployed`, `unregistered`). */
  readonly acknowledged: readonly string[];
  /** Messages in processing that the caller must settle (`failed`). */
  readonly detached: readonly ClaimedMessage[];
}

export interface JobPage {
  readonly items: readonly DeploymentJob[];
  readonly nextCursor: string | null;
}

/** Tokens of one producer. Null: unlimited. */
export interface ProducerBudget {
  readonly tokensPerHour: number | null;
  readonly tokensPerDay: number | null;
}

/** A message to be admitted. */
export interface AdmissionRequest {
  readonly request: DeploymentRequest;
  readonly message: ClaimedMessage;
  /** Of the producer that the request names. Default: none. */
  readonly budget?: ProducerBudget | null;
}

/** Stores the deployment jobs, one per model id. */
export abstract class DeploymentJobs {
  /**
   * Upserts the job of each request and attaches its message, in one script. Resets the message's stalls. Opening a job
   * counts against the budget of the producer.
   */
  abstract admit(entries: readonly AdmissionRequest[]): Promise<readonly Admission[]>;

  /**
   * Completes jobs in one script: publishes events, acknowledges messages and closes `slot`. Idempotent. Does nothing
   * when the lane has a new owner.
   *
   * @returns null when the lane's lease was lost
   */
  abstract complete(slot: ClosedSlot | null, verdicts: readonly JobUpdate[]): Promise<readonly CompletedJob[] | null>;

  abstract find(modelId: string): Promise<DeploymentJob | null>;

  /** Newest first. */
  abstract list(page: {
    readonly limit: number;
    readonly state?: JobState;
    readonly cursor?: string;
  }): Promise<JobPage>;
}
