import { Injectable } from '@nestjs/common';
import type { AttemptBudget, ClaimedMessage } from '#core';
import { type MessageOutcome, Metrics } from '#telemetry';

/** A claimed message that this process keeps the lease of. */
export interface MessageInHand {
  readonly message: ClaimedMessage;
  /** Unix milliseconds. */
  readonly claimedAt: number;
  /** Set when the message was parsed. */
  modelId: string | null;
}

/** The messages that this process has claimed and nobody has settled yet. */
@Injectable()
export class MessagesInHand {
  private readonly byLease = new Map<string, MessageInHand>();

  constructor(private readonly metrics: Metrics) {}

  get size(): number {
    return this.byLease.size;
  }

  get leases(): readonly string[] {
    return [...this.byLease.keys()];
  }

  take(messages: readonly ClaimedMessage[]): void {
    const claimedAt = Date.now();
    for (const message of messages) this.byLease.set(message.lease, { message, claimedAt, modelId: null });
    this.count();
  }

  /** From now on the message is part of its model's deployment. */
  assign(lease: string, modelId: string): void {
    const inHand = this.byLease.get(lease);
    if (inHand) inHand.modelId = modelId;
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
    this.drop(lease);
  }

  /** The lease is gone: the message belongs to somebody else, or another replica settled it. */
  drop(lease: string): void {
    this.byLease.delete(lease);
    this.count();
  }

  private count(): void {
    this.metrics.messagesInFlight.set(this.byLease.size);
  }
}

/** The message's own allowance of failures. A replayed message starts over. */
export function budgetOf(
  parsed: Pick<AttemptBudget, 'maxRetries' | 'retryCount'>,
  message: Pick<ClaimedMessage, 'replays'>,
): AttemptBudget {
  return { ...parsed, replayed: message.replays > 0 };
}
