import { Injectable, Logger } from '@nestjs/common';
import {
  type ClaimedMessage,
  HoldError,
  type HoldReason,
  HoldRegistry,
  LoopReport,
  PollingLoop,
  MessageQueue,
  sleep,
  failpoint,
  ServiceState,
} from '#core';
import { Metrics } from '#telemetry';
import { AdmissionService } from '../admission/admission.service.js';
import { groupByPoisonRisk, poisonCandidates } from './poison-isolation.js';
import { WorkerSettings } from '../worker-settings.js';
import { FailureHandler } from '../results/failure-handler.service.js';
import { InFlightMessages } from './in-flight-messages.js';
import { MessageReleaser } from '../results/message-releaser.service.js';

/** Delay before a hold or failure is checked again. */
const HOLD_CHECK_MS = 250;

/** Holds that a claim finds and the next successful claim ends. */
const ENDED_BY_CLAIM: readonly HoldReason[] = ['redis_unavailable', 'wrong_home'];

/** Interval between repeated admissions of a waiting message. A repeat picks up a job that another replica released. */
const READMIT_AFTER_MS = 60_000;

/** Waits for messages, claims up to the in-flight limit and admits them. */
@Injectable()
export class MessageConsumer {
  private readonly logger = new Logger(MessageConsumer.name);
  private readonly loop = new PollingLoop((signal) => this.tick(signal));
  /** Claimed, not yet admitted. */
  private notYetAdmitted: readonly ClaimedMessage[] = [];
  /** True when the next claim takes a single message. */
  private claimOneAtATime = false;
  private readonly loopReport: LoopReport;

  constructor(
    private readonly queue: MessageQueue,
    private readonly desk: AdmissionService,
    private readonly failures: FailureHandler,
    private readonly releases: MessageReleaser,
    private readonly inHand: InFlightMessages,
    private readonly holds: HoldRegistry,
    private readonly state: ServiceState,
    private readonly settings: WorkerSettings,
    private readonly metrics: Metrics,
  ) {
    this.loopReport = new LoopReport(holds, 'message consumer');
  }

  start(): void {
    this.loop.start();
  }

  /** Resolves when the current iteration ends. Does not wait for a blocking read. */
  async stop(): Promise<void> {
    await this.loop.stop();
  }

  private async tick(signal: AbortSignal): Promise<void> {
    this.state.heartbeat();
    try {
      const worked = await this.poll(signal);
      if (!worked && !signal.aborted) await this.waitForMessages(signal);
      this.loopReport.succeeded();
    } catch (error) {
      this.report(error);
      await sleep(HOLD_CHECK_MS, signal);
    }
  }

  /** Returns false when there was nothing to claim. */
  private async poll(signal: AbortSignal): Promise<boolean> {
    if (this.notYetAdmitted.length === 0) this.notYetAdmitted = await this.readIdleMessages();
    if (this.notYetAdmitted.length > 0) {
      await this.admit();
      return true;
    }
    const wanted = this.claimOneAtATime ? 1 : this.settings.claimBatch;
    const room = Math.min(wanted, this.settings.maxMessagesInFlight - this.inHand.size);
    if (room <= 0 || this.holds.pauses(...ENDED_BY_CLAIM)) {
      await sleep(HOLD_CHECK_MS, signal);
      return true;
    }
    const messages = await this.queue.claim(room);
    for (const reason of ENDED_BY_CLAIM) this.holds.clear(reason);
    if (messages.length === 0) return false;
    failpoint('claimed');
    this.metrics.messagesReceivedTotal.inc(messages.length);
    this.inHand.add(messages);
    this.notYetAdmitted = messages;
    await this.releasePoisonCandidates(messages);
    await this.admit();
    return true;
  }

  /**
   * Requeues poison candidates that were claimed with others, to claim them one at a time. Otherwise one poison message
   * would consume the stalls of its whole batch.
   */
  private async releasePoisonCandidates(messages: readonly ClaimedMessage[]): Promise<void> {
    const suspects = poisonCandidates(messages, this.settings.maxStalls);
    this.claimOneAtATime = suspects.length > 0;
    if (messages.length > 1) await this.releases.release(suspects.map(({ lease }) => lease));
  }

  private async readIdleMessages(): Promise<readonly ClaimedMessage[]> {
    const idle = this.inHand.idleSince(performance.now() - READMIT_AFTER_MS, this.settings.claimBatch);
    if (idle.length === 0) return [];
    const contents = await this.queue.read(idle.map(({ lease }) => lease));
    return idle.flatMap((message, index) => {
      const bytes = contents[index] ?? null;
      if (bytes !== null) return [{ ...message, bytes }];
      this.inHand.remove(message.lease);
      return [];
    });
  }

  /** After an outage the next iteration admits the remaining messages. Admission is idempotent. */
  private async admit(): Promise<void> {
    const messages = this.notYetAdmitted.filter(({ lease }) => this.inHand.has(lease));
    for (const group of groupByPoisonRisk(messages, this.settings.maxStalls)) await this.admitTogether(group);
    this.notYetAdmitted = [];
  }

  private async admitTogether(messages: readonly ClaimedMessage[]): Promise<void> {
    try {
      await this.desk.admit(messages);
    } catch (error) {
      if (error instanceof HoldError) throw error;
      this.logger.error({
        event: 'admission.batch_failed',
        message: 'batch admission failed, retrying one message at a time',
        error,
      });
      await this.admitOneByOne(messages);
    }
  }

  private async admitOneByOne(messages: readonly ClaimedMessage[]): Promise<void> {
    for (const message of messages) {
      try {
        await this.desk.admit([message]);
      } catch (error) {
        if (error instanceof HoldError) throw error;
        await this.failures.settle([
          { message, reason: 'internal_error', error: errorKind(error), transactionHashes: [] },
        ]);
      }
    }
  }

  private async waitForMessages(signal: AbortSignal): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const stop = (): void => resolve();
      signal.addEventListener('abort', stop);
      this.queue
        .wait(this.settings.pollIntervalMs)
        .then(resolve, reject)
        .finally(() => signal.removeEventListener('abort', stop));
    });
  }

  private report(error: unknown): void {
    // `KeyTypeHolds` sets the hold that names the key, and ends it.
    if (error instanceof HoldError && error.reason === 'ledger_unreadable') this.loopReport.failed(error);
    else if (error instanceof HoldError) this.holds.set(error.reason, error.message);
    if (error instanceof HoldError) {
      this.logger.warn({
        event: 'consumer.paused',
        message: 'processing paused',
        reason: error.reason,
        detail: error.message,
      });
    } else {
      this.loopReport.failed(error);
      this.logger.error({ event: 'consumer.failed', message: 'consumer iteration failed, retrying', error });
    }
  }
}

/** Returns only the class of an unknown error. Its message may hold a secret. */
function errorKind(error: unknown): string {
  return `unexpected ${error instanceof Error ? error.name : 'failure'}, see the log`;
}
