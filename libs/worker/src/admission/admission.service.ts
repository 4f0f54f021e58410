import { Injectable, Logger } from '@nestjs/common';
import {
  type Admission,
  type ClaimedMessage,
  DeploymentJobs,
  HoldRegistry,
  MessageQueue,
  MessageRejectedError,
  failpoint,
  TokenDeployer,
  unixNow,
} from '#core';
import { parseMessage, type ParsedMessage } from '#messages';
import { Metrics } from '#telemetry';
import { WorkerSettings } from '../worker-settings.js';
import { type FailedMessage, FailureHandler } from '../results/failure-handler.service.js';
import { InFlightMessages } from '../consumer/in-flight-messages.js';
import { MessageSignatures } from './message-signatures.worker.js';
import { OverBudgetProducers } from './over-budget-producers.js';
import { UnreadableJobs } from './unreadable-jobs.js';

interface ParsedClaim {
  readonly message: ClaimedMessage;
  readonly parsed: ParsedMessage;
}

/** Admits claimed messages to deployment jobs and settles rejected ones. Idempotent. */
@Injectable()
export class AdmissionService {
  private readonly logger = new Logger(AdmissionService.name);
  private readonly unreadableJobs: UnreadableJobs;
  private readonly overBudget: OverBudgetProducers;

  constructor(
    private readonly queue: MessageQueue,
    private readonly jobs: DeploymentJobs,
    private readonly deployer: TokenDeployer,
    private readonly failures: FailureHandler,
    private readonly inHand: InFlightMessages,
    private readonly settings: WorkerSettings,
    private readonly metrics: Metrics,
    private readonly signatures: MessageSignatures,
    holds: HoldRegistry,
  ) {
    this.unreadableJobs = new UnreadableJobs(holds);
    this.overBudget = new OverBudgetProducers(holds);
  }

  async admit(messages: readonly ClaimedMessage[]): Promise<void> {
    const stop = this.metrics.deploymentStageDurationSeconds.startTimer({ stage: 'admission' });
    const read = messages.map((message) => this.parse(message));
    const good = read.filter((result) => 'parsed' in result);
    if (good.length > 0) failpoint('parsed');
    const admissions = good.length === 0 ? [] : await this.admitParsed(good);
    failpoint('admitted');
    for (const [index, { parsed }] of good.entries())
      this.recordReadability(parsed.request.record.modelId, admissions[index]);
    const conflicts = good.flatMap(({ message }, index) => toConflict(message, admissions[index]));
    await this.failures.settle([...read.filter((result) => 'reason' in result), ...conflicts]);
    await this.delay(good, admissions);
    await this.acknowledge(good.filter((_, index) => admissions[index]?.kind === 'deployed'));
    this.deployer.submit(admissions.flatMap((admission) => (admission.kind === 'admitted' ? [admission.job] : [])));
    stop();
  }

  private parse(message: ClaimedMessage): ParsedClaim | FailedMessage {
    try {
      if (message.stalls >= this.settings.maxStalls) {
        throw new MessageRejectedError(
          'poison',
          `its handler ended ${message.stalls} times in a row without an answer`,
        );
      }
      return { message, parsed: parseMessage(message.bytes, this.settings, this.signatures.identify) };
    } catch (error) {
      if (!(error instanceof MessageRejectedError)) throw error;
      this.signatures.countRejected(error.reason);
      return { message, reason: error.reason, error: error.message, transactionHashes: [] };
    }
  }

  private async admitParsed(read: readonly ParsedClaim[]): Promise<readonly Admission[]> {
    for (const { message, parsed } of read) {
      const first = this.inHand.bindToModel(message.lease, parsed.request.record.modelId);
      if (!first) continue;
      this.metrics.messageAgeSeconds.observe(Math.max(0, unixNow() - parsed.producedAt) / 1000);
      this.signatures.count(parsed);
    }
    return await this.jobs.admit(
      read.map(({ message, parsed: { request, sender } }) => ({
        message,
        request,
        budget: sender.producer?.budget ?? null,
      })),
    );
  }

  private recordReadability(modelId: string, admission: Admission | undefined): void {
    if (admission?.kind === 'unreadable') this.unreadableJobs.add(modelId, admission.detail);
    else this.unreadableJobs.remove(modelId);
  }

  /** Lets messages wait whose producer is over its budget. Consumes no retry. */
  private async delay(read: readonly ParsedClaim[], admissions: readonly Admission[]): Promise<void> {
    const delayed = read.flatMap(({ message, parsed }, index) => {
      const admission = admissions[index];
      const { producer } = parsed.sender;
      if (producer === null) return [];
      if (admission?.kind === 'admitted') this.overBudget.remove(producer.name);
      if (admission?.kind !== 'delayed') return [];
      this.overBudget.add(producer, admission.delayMs);
      return [{ lease: message.lease, settlement: { kind: 'delay', delayMs: admission.delayMs } as const }];
    });
    if (delayed.length === 0) return;
    const results = await this.queue.settle(delayed);
    for (const [index, { lease }] of delayed.entries()) this.inHand.recordSettlement(lease, results[index], 'released');
  }

  /** Acknowledges duplicates: the model's token exists and its event is published. */
  private async acknowledge(duplicates: readonly ParsedClaim[]): Promise<void> {
    if (duplicates.length === 0) return;
    const results = await this.queue.settle(
      duplicates.map(({ message }) => ({ lease: message.lease, settlement: { kind: 'ack' } })),
    );
    for (const [index, { message, parsed }] of duplicates.entries()) {
      if (!this.inHand.recordSettlement(message.lease, results[index], 'duplicate')) continue;
      const { messageId, record } = parsed.request;
      this.logger.log({
        event: 'message.duplicate_acknowledged',
        message: 'duplicate message acknowledged',
        message_id: messageId,
        model_id: record.modelId,
      });
    }
  }
}

function toConflict(message: ClaimedMessage, admission: Admission | undefined): FailedMessage[] {
  if (admission?.kind !== 'conflict') return [];
  return [{ message, reason: 'conflict', error: admission.detail, transactionHashes: [] }];
}
