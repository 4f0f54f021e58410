import { Injectable, Logger } from '@nestjs/common';
import {
  type AttemptBudget,
  type ClaimedMessage,
  type DeadLetterReason,
  judgeFailure,
  MessageQueue,
  type Settlement,
  type SettleResult,
} from '#core';
import { deadLetterEntry, parseMessage, peekIds } from '#messages';
import { Metrics } from '#telemetry';
import { DeploymentSettings } from './deployment-settings.js';
import { budgetOf, MessagesInHand } from './messages-in-hand.js';

/** What went wrong with one message. */
export interface FailedMessage {
  readonly message: ClaimedMessage;
  readonly reason: DeadLetterReason;
  /** For people. */
  readonly error: string;
  readonly transactionHashes: readonly string[];
}

/** A message of which nothing is known but that it cannot be read gets no second attempt. */
const NO_BUDGET: AttemptBudget = { maxRetries: 0, retryCount: 0, replayed: false };

/** Settles messages that failed: another attempt later, or the dead letters. */
@Injectable()
export class Failures {
  private readonly logger = new Logger(Failures.name);

  constructor(
    private readonly queue: MessageQueue,
    private readonly inHand: MessagesInHand,
    private readonly settings: DeploymentSettings,
    private readonly metrics: Metrics,
  ) {}

  async settle(failed: readonly FailedMessage[]): Promise<void> {
    if (failed.length === 0) return;
    const settlements = failed.map((failure) => ({ lease: failure.message.lease, settlement: this.judge(failure) }));
    const results = await this.queue.settle(settlements);
    for (const [index, failure] of failed.entries()) {
      const settlement = settlements[index]?.settlement;
      if (settlement) this.conclude(failure, settlement, results[index]);
    }
  }

  private judge({ message, reason, error, transactionHashes }: FailedMessage): Settlement {
    const verdict = judgeFailure(reason, message.attempts, this.budget(message), this.settings.maxRetriesCap);
    if (verdict.kind === 'retry') return { kind: 'retry', delayMs: verdict.delayMs, reason };
    const { queueName: queue, worker } = this.settings;
    const failedAt = Date.now();
    return {
      kind: 'dead-letter',
      entry: deadLetterEntry({ message, reason, error, queue, transactionHashes, worker, failedAt }),
    };
  }

  private budget(message: ClaimedMessage): AttemptBudget {
    try {
      return budgetOf(parseMessage(message.bytes, this.settings).budget, message);
    } catch {
      return NO_BUDGET;
    }
  }

  private conclude(failure: FailedMessage, settlement: Settlement, result: SettleResult | undefined): void {
    const { message, reason, error } = failure;
    const retried = settlement.kind === 'retry';
    if (!this.inHand.conclude(message.lease, result, retried ? 'retried' : 'dead_lettered')) return;
    if (retried) this.metrics.messagesRetriedTotal.inc({ reason });
    else this.metrics.messagesDeadLetteredTotal.inc({ reason });
    const { messageId, modelId } = peekIds(message.bytes);
    this.logger.warn({
      message: retried ? 'message put off' : 'message dead-lettered',
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
