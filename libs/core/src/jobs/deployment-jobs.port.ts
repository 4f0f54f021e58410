import type { DeploymentRequest } from './deployment-record.js';
import type { ClosedSlot, SignedAttempt } from '../lanes/lane-journal.port.js';
import type { ClaimedMessage } from '../messaging/message-queue.port.js';
import type { DeadLetterReason } from '../common/reasons.js';

/**
 * - `admitted`: wanted, not in a transaction
 * - `submitted`: in a journalled transaction that is not final yet
 * - `deployed_unregistered`: the token exists, finally, and its event is published; somebody else has to register it
 * - `deployed`: the token exists and is registered, finally, and its event is published
 * - `failed`: given up or waiting for a retry; the next message for the model opens it again
 */
export const JOB_STATES = ['admitted', 'submitted', 'deployed_unregistered', 'deployed', 'failed'] as const;
export type JobState = (typeof JOB_STATES)[number];

/** The call that makes a registry list a token, for those who may make it. */
export interface Registration {
  /** EIP-55 address of the registry. */
  readonly to: string;
  /** 0x-prefixed. */
  readonly calldata: string;
}

/** A token that exists, and the transaction that made it. */
export interface DeployedToken {
  readonly tokenAddress: string;
  readonly transactionHash: string;
  /** Hash of the transaction that registered the token, the same as `transactionHash` where one does both; null before. */
  readonly registryTransactionHash: string | null;
  /** What is left to do until the registry lists the token; null when it does. */
  readonly registration: Registration | null;
  readonly blockNumber: number;
  /** Unix seconds of the block. */
  readonly blockTimestamp: number;
  /** Gas of this token: its share, when the transaction deployed several. */
  readonly gasUsed: bigint;
  /** Wei per gas that the transaction really paid. */
  readonly gasPrice: bigint;
  readonly deployerAddress: string;
}

/** All that is known about the deployment of one model. The key is the model id. */
export interface DeploymentJob {
  readonly request: DeploymentRequest;
  readonly state: JobState;
  /** The journalled transaction that carries it; null unless `submitted`. */
  readonly slot: { readonly lane: string; readonly nonce: number } | null;
  readonly token: DeployedToken | null;
  /** Id of the published event; null before. */
  readonly eventId: string | null;
  readonly failure: { readonly reason: DeadLetterReason; readonly error: string } | null;
  /** Every transaction that was signed for it, oldest first. */
  readonly attempts: readonly SignedAttempt[];
  /** Unix milliseconds. */
  readonly createdAt: number;
  /** Unix milliseconds. */
  readonly updatedAt: number;
}

/** What a message meets when it asks for a deployment. */
export type Admission =
  /** The job is open and not in a transaction: work on it. */
  | { readonly kind: 'admitted'; readonly job: DeploymentJob }
  /** A journalled transaction carries the job already: whoever settles that settles this message too. */
  | { readonly kind: 'attached' }
  /** The token exists, registered or not: the message is a duplicate and has done its work. */
  | { readonly kind: 'deployed'; readonly token: DeployedToken }
  /** Another record was there first. */
  | { readonly kind: 'conflict'; readonly detail: string };

/** How one job leaves a transaction, or is settled without one. */
export type JobUpdate =
  /** `event` is the JSON text of the event for the kind; published in the same script that settles the job. */
  | {
      readonly kind: 'deployed' | 'unregistered';
      readonly modelId: string;
      readonly token: DeployedToken;
      readonly eventId: string;
      readonly event: string;
    }
  | { readonly kind: 'failed'; readonly modelId: string; readonly reason: DeadLetterReason; readonly error: string }
  /** The transaction is final and another has to follow: back to `admitted`, or to `deployed_unregistered` if it was that. */
  | { readonly kind: 'returned'; readonly modelId: string };

/** What became of the messages that were attached to a settled job. */
export interface CompletedJob {
  readonly modelId: string;
  /** False when an earlier call had already settled the job. */
  readonly changed: boolean;
  /** Leases of messages acknowledged in the same script (verdicts `deployed` and `unregistered`). */
  readonly acknowledged: readonly string[];
  /** Messages still in processing that the caller must settle through the queue (verdict `failed`). */
  readonly detached: readonly ClaimedMessage[];
}

export interface JobPage {
  readonly items: readonly DeploymentJob[];
  readonly nextCursor: string | null;
}

/** The deployment jobs: one per model id, whatever the number of messages. */
export abstract class DeploymentJobs {
  /**
   * Upserts the job of each request and attaches the message to it, in one script. An admitted message is no longer
   * suspected of crashing its handler: its stalls start over.
   */
  abstract admit(
    entries: readonly { readonly request: DeploymentRequest; readonly message: ClaimedMessage }[],
  ): Promise<readonly Admission[]>;

  /**
   * Settles jobs in one script: events published, messages acknowledged, jobs done and, when `slot` is given, the
   * transaction's slot closed. Idempotent; nothing happens when the lane has a new owner.
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
