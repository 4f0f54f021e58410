import { Injectable } from '@nestjs/common';
import type { RetryBudget, ClaimedMessage, SettleResult } from '#core';
import { type MessageOutcome, Metrics } from '#telemetry';

/** A claimed message whose lease this process renews. */
export interface InFlightMessage {
  readonly message: ClaimedMessage;
  /** Monotonic milliseconds. */
  readonly claimedAt: number;
  /** Set when the message was parsed. */
  modelId: string | null;
  /** Monotonic milliseconds of its last admission; 0 before the first. */
  lastAdmittedAt: number;
}

/** The claimed, unsettled messages of this process. */
@Injectable()
export class InFlightMessages {
  /** In claim order. */
  private readonly byLease = new Map<string, InFlightMessage>();
  /** Admitted messages, ordered by their last admission. */
  private readonly admittedAt = new Map<string, InFlightMessage>();
  /** Messages of models whose job was completed. */
  private readonly decided = new Set<string>();

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
    const claimedAt = performance.now();
    for (const message of messages) {
      this.byLease.set(message.lease, { message, claimedAt, modelId: null, lastAdmittedAt: 0 });
    }
    this.count();
  }

  /** Binds the message to its model's job. Returns false when it was bound before. */
  bindToModel(lease: string, modelId: string): boolean {
    const inHand = this.byLease.get(lease);
    if (!inHand) return false;
    const first = inHand.modelId === null;
    inHand.modelId = modelId;
    inHand.lastAdmittedAt = performance.now();
    this.admittedAt.delete(lease);
    this.admittedAt.set(lease, inHand);
    return first;
  }

  /** Makes `idleSince` return the remaining messages of models whose job was completed: they waited for its outcome. */
  readmit(modelIds: readonly string[]): void {
    for (const lease of this.leasesOf(modelIds)) this.decided.add(lease);
  }

  /** Waiting messages last admitted before `instant` (monotonic milliseconds), oldest admission first, at most `limit`. */
  idleSince(instant: number, limit: number): readonly ClaimedMessage[] {
    const decided = [...this.decided].slice(0, limit);
    const waiting = decided.flatMap((lease) => this.byLease.get(lease)?.message ?? []);
    for (const [lease, { message, lastAdmittedAt }] of this.admittedAt) {
      if (lastAdmittedAt > instant || waiting.length >= limit) break;
      if (!this.decided.has(lease)) waiting.push(message);
    }
    for (const lease of decided) this.decided.delete(lease);
    return waiting;
  }

  leasesOf(modelIds: readonly string[]): readonly string[] {
    const wanted = new Set(modelIds);
    return [...this.byLease.values()]
      .filter(({ modelId }) => modelId !== null && wanted.has(modelId))
      .map(({ message }) => message.lease);
  }

  /** Removes a settled message. */
  settled(lease: string, outcome: MessageOutcome): void {
    const inHand = this.byLease.get(lease);
    this.metrics.messagesProcessedTotal.inc({ outcome });
    if (inHand) {
      const seconds = (performance.now() - inHand.claimedAt) / 1000;
      this.metrics.messageProcessingDurationSeconds.observe({ outcome }, seconds);
    }
    this.remove(lease);
  }

  /**
   * Records the result of a settlement. `already` for an in-flight message means that an earlier reply was lost.
   * Returns false when the lease expired or the result was recorded before.
   */
  recordSettlement(lease: string, result: SettleResult | undefined, outcome: MessageOutcome): boolean {
    const carriedOut = result === 'settled' || (result === 'already' && this.has(lease));
    if (carriedOut) this.settled(lease, outcome);
    else this.remove(lease);
    return carriedOut;
  }

  /** Removes a message whose lease is lost. */
  remove(lease: string): void {
    this.byLease.delete(lease);
    this.admittedAt.delete(lease);
    this.decided.delete(lease);
    this.count();
  }

  private count(): void {
    this.metrics.messagesInFlight.set(this.byLease.size);
  }
}

/** Returns the retry budget of a message. A replay resets it. */
export function toRetryBudget(
  parsed: Pick<RetryBudget, 'maxRetries' | 'retryCount'>,
  message: Pick<ClaimedMessage, 'replays'>,
): RetryBudget {
  return { ...parsed, replayed: message.replays > 0 };
}
