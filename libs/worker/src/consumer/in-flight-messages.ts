import { Injectable } from '@nestjs/common';
import type { RetryBudget, ClaimedMessage, SettleResult } from '#core';
import { type MessageOutcome, Metrics } from '#telemetry';

/** A claimed message that this process keeps the lease of. */
export interface InFlightMessage {
  readonly message: ClaimedMessage;
  /** Unix milliseconds. */
  readonly claimedAt: number;
  /** Set when the message was parsed. */
  modelId: string | null;
  /** Unix milliseconds of its last call at the ledger; 0 before. */
  lastAdmittedAt: number;
}

/** The messages that this process has claimed and nobody has settled yet. */
@Injectable()
export class InFlightMessages {
  /** In the order of the claims. */
  private readonly byLease = new Map<string, InFlightMessage>();
  /** Those that were assigned, in the order of their last call at the ledger. */
  private readonly admittedAt = new Map<string, InFlightMessage>();

  constructor(private readonly metrics: Metrics) {}

  get size(): number {
    return this.byLease.size;
  }

  get leases(): readonly string[] {
    return [...this.byLease.keys()];
  }

  has(lease: string): boolean {
    return this.byLease.has(lease);
  }

  add(messages: readonly ClaimedMessage[]): void {
    const claimedAt = Date.now();
    for (const message of messages) {
      this.byLease.set(message.lease, { message, claimedAt, modelId: null, lastAdmittedAt: 0 });
    }
    this.count();
  }

  /** From now on the message is part of its model's deployment. Returns whether it was not before. */
  bindToModel(lease: string, modelId: string): boolean {
    const inHand = this.byLease.get(lease);
    if (!inHand) return false;
    const first = inHand.modelId === null;
    inHand.modelId = modelId;
    inHand.lastAdmittedAt = Date.now();
    this.admittedAt.delete(lease);
    this.admittedAt.set(lease, inHand);
    return first;
  }

  /**
   * Messages that were last assigned to their deployment before `instant` (Unix milliseconds) and still wait for it: those
   * that were asked about longest ago, at most `limit`.
   */
  idleSince(instant: number, limit: number): readonly ClaimedMessage[] {
    const waiting: ClaimedMessage[] = [];
    for (const { message, lastAdmittedAt } of this.admittedAt.values()) {
      if (lastAdmittedAt > instant || waiting.length >= limit) break;
      waiting.push(message);
    }
    return waiting;
  }

  leasesOf(modelIds: readonly string[]): readonly string[] {
    const wanted = new Set(modelIds);
    return [...this.byLease.values()]
      .filter(({ modelId }) => modelId !== null && wanted.has(modelId))
      .map(({ message }) => message.lease);
  }

  /** The message was settled, by whomever. */
  settled(lease: string, outcome: MessageOutcome): void {
    const inHand = this.byLease.get(lease);
    this.metrics.messagesProcessedTotal.inc({ outcome });
    if (inHand) {
      const seconds = (Date.now() - inHand.claimedAt) / 1000;
      this.metrics.messageProcessingDurationSeconds.observe({ outcome }, seconds);
    }
    this.remove(lease);
  }

  /**
   * Takes down what the queue answered to a settlement. `already` for a message in hand is the trace of a settlement whose
   * reply was lost. Returns false when there is nothing to report: the lease had run out, or it was reported before.
   */
  recordSettlement(lease: string, result: SettleResult | undefined, outcome: MessageOutcome): boolean {
    const carriedOut = result === 'settled' || (result === 'already' && this.has(lease));
    if (carriedOut) this.settled(lease, outcome);
    else this.remove(lease);
    return carriedOut;
  }

  /** The lease is gone: the message belongs to somebody else, or another replica settled it. */
  remove(lease: string): void {
    this.byLease.delete(lease);
    this.admittedAt.delete(lease);
    this.count();
  }

  private count(): void {
    this.metrics.messagesInFlight.set(this.byLease.size);
  }
}

/** The message's own allowance of failures. A replayed message starts over. */
export function toRetryBudget(
  parsed: Pick<RetryBudget, 'maxRetries' | 'retryCount'>,
  message: Pick<ClaimedMessage, 'replays'>,
): RetryBudget {
  return { ...parsed, replayed: message.replays > 0 };
}
