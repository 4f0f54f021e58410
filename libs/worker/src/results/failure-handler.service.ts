import { Injectable, Logger } from '@nestjs/common';
import {
  type RetryBudget,
  type ClaimedMessage,
  type DeadLetterReason,
  decideRetry,
  MessageQueue,
  type Settlement,
  type SettleResult,
  unixNow,
} from '#core';
import { deadLetterEntry, parseMessage, peekIds } from '#messages';
import { Metrics } from '#telemetry';
import { WorkerSettings } from '../worker-settings.js';
import { toRetryBudget, InFlightMessages } from '../consumer/in-flight-messages.js';

/** A message and the reason of its failure. */
export interface FailedMessage {
  readonly message: ClaimedMessage;
  readonly reason: DeadLetterReason;
  /** Human-readable. */
  readonly error: string;
  readonly transactionHashes: readonly string[];
}

/** Budget of an unreadable message. */
const NO_RETRIES: RetryBudget = { maxRetries: 0, retryCount: 0, replayed: false };

/** Settles failed messages: schedules a retry or dead-letters them. */
@Injectable()
export class FailureHandler {
  private readonly logger = new Logger(FailureHandler.name);

  constructor(
    private readonly queue: MessageQueue,
    private readonly inHand: InFlightMessages,
    private readonly settings: WorkerSettings,
    private readonly metrics: Metrics,
  ) {}

  async settle(failed: readonly FailedMessage[]): Promise<void> {
    if (failed.length === 0) return;
    const settlements = failed.map((failure) => ({ lease: failure.message.lease, settlement: this.decide(failure) }));
    const results = await this.queue.settle(settlements);
    for (const [index, failure] of failed.entries()) {
      const settlement = settlements[index]?.settlement;
      if (settlement) this.finish(failure, settlement, results[index]);
    }
  }

  private decide({ message, reason, error, transactionHashes }: FailedMessage): Settlement {
    const verdict = decideRetry(reason, message.attempts, this.retryBudget(message), this.settings.maxRetriesCap);
    if (verdict.kind === 'retry') return { kind: 'retry', delayMs: verdict.delayMs, reason };
    const { queueName: queue, worker, modelIdSource } = this.settings;
    const failedAt = unixNow();
    return {
      kind: 'dead-letter',
      entry: deadLetterEntry({
        message,
        reason,
        error,
        queue,
        transactionHashes,
        modelIdSource,
        worker,
        failedAt,
      }),
    };
  }

  private retryBudget(message: ClaimedMessage): RetryBudget {
    try {
      return toRetryBudget(parseMessage(message.bytes, this.settings).budget, message);
    } catch {
      return NO_RETRIES;
    }
  }

  private finish(failure: FailedMessage, settlement: Settlement, result: SettleResult | undefined): void {
    const { message, reason, error } = failure;
    const retried = settlement.kind === 'retry';
    if (!this.inHand.recordSettlement(message.lease, result, retried ? 'retried' : 'dead_lettered')) return;
    if (retried) this.metrics.messagesRetriedTotal.inc({ reason });
    else this.metrics.messagesDeadLetteredTotal.inc({ reason });
    const { messageId, modelId } = peekIds(message.bytes, this.settings.modelIdSource);
    this.logger.warn({
      ...(retried
        ? { event: 'message.retry_scheduled', message: 'message retry scheduled' }
        : { event: 'message.dead_lettered', message: 'message dead-lettered' }),
      reason,
      error,
      message_id: messageId,
      model_id: modelId,
      digest: message.digest,
      attempts: message.attempts,
      delay_ms: settlement.kind === 'retry' ? settlement.delayMs : undefined,
    });
  }
}
