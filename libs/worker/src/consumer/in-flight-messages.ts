import { Injectable } from '@nestjs/common';
import { type RetryBudget, type ClaimedMessage, MAX_CLAIM_BYTES, type SettleResult } from '#core';
import { type MessageOutcome, Metrics } from '#telemetry';

/** A claimed message without its bytes: Redis keeps them, and thousands of large ones would not fit into memory. */
export type HeldMessage = Omit<ClaimedMessage, 'bytes'> & {
  /** Bytes. */
  readonly size: number;
};

/** A claimed message whose lease this process renews. */
interface InFlightMessage {
  readonly message: HeldMessage;
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
    for (const { bytes, ...message } of messages) {
      const held = { ...message, size: bytes.length };
      this.byLease.set(message.lease, { message: held, claimedAt, modelId: null, lastAdmittedAt: 0 });
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
    this.decided.delete(lease);
    this.admittedAt.delete(lease);
    this.admittedAt.set(lease, inHand);
    return first;
  }

  /** Makes `idleSince` return the remaining messages of models whose job was completed: they waited for its outcome. */
  readmit(modelIds: readonly string[]): void {
    for (const lease of this.leasesOf(modelIds)) this.decided.add(lease);
  }

  /**
   * Messages of completed jobs, then waiting messages last admitted before `instant` (monotonic milliseconds), oldest
   * admission first: at most `limit`, or as many bytes as one claim takes.
   */
  idleSince(instant: number, limit: number): readonly HeldMessage[] {
    const idle: HeldMessage[] = [];
    let bytes = 0;
    for (const { message, lastAdmittedAt } of this.readmissible()) {
      const isIdle = lastAdmittedAt <= instant || this.decided.has(message.lease);
      if (!isIdle || idle.length >= limit || bytes >= MAX_CLAIM_BYTES) break;
      idle.push(message);
      bytes += message.size;
    }
    return idle;
  }

  private *readmissible(): Iterable<InFlightMessage> {
    for (const lease of this.decided) {
      const inHand = this.byLease.get(lease);
      if (inHand) yield inHand;
    }
    for (const [lease, inHand] of this.admittedAt) if (!this.decided.has(lease)) yield inHand;
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
