import { Injectable, Logger } from '@nestjs/common';
import { type ClaimedMessage, Held, Holds, Loop, MessageQueue, pause, reached, ServiceState } from '#core';
import { Metrics } from '#telemetry';
import { AdmissionDesk } from './admission-desk.js';
import { bySuspicion, suspectsOf } from './by-suspicion.js';
import { DeploymentSettings } from './deployment-settings.js';
import { Failures } from './failures.js';
import { MessagesInHand } from './messages-in-hand.js';
import { Releases } from './releases.js';

/** How soon the end of a hold, or of a failure, is noticed. */
const HOLD_CHECK_MS = 250;

/**
 * How long a message in hand waits for its deployment before the ledger is asked about it again. Mostly nothing has changed;
 * but where the replica that carried the job has let go of it, nobody else would ever take it up.
 */
const ASK_AGAIN_MS = 60_000;

/** The worker loop: waits for messages, claims as many as there is room for, and hands them to the admission desk. */
@Injectable()
export class Consumer {
  private readonly logger = new Logger(Consumer.name);
  private readonly loop = new Loop((signal) => this.turn(signal));
  /** Not yet received by the desk. */
  private unreceived: readonly ClaimedMessage[] = [];
  /** Whether the next claim takes one message alone. */
  private careful = false;

  constructor(
    private readonly queue: MessageQueue,
    private readonly desk: AdmissionDesk,
    private readonly failures: Failures,
    private readonly releases: Releases,
    private readonly inHand: MessagesInHand,
    private readonly holds: Holds,
    private readonly state: ServiceState,
    private readonly settings: DeploymentSettings,
    private readonly metrics: Metrics,
  ) {}

  start(): void {
    this.loop.start();
  }

  /** Returns when the turn in hand is over; a wait in Redis is not waited for. */
  async stop(): Promise<void> {
    await this.loop.stop();
  }

  private async turn(signal: AbortSignal): Promise<void> {
    this.state.turned();
    try {
      const worked = await this.work(signal);
      if (!worked && !signal.aborted) await this.rest(signal);
    } catch (error) {
      this.report(error);
      await pause(HOLD_CHECK_MS, signal);
    }
  }

  /** Returns false when there was nothing to claim. */
  private async work(signal: AbortSignal): Promise<boolean> {
    if (this.unreceived.length === 0) this.unreceived = this.overdue();
    if (this.unreceived.length > 0) {
      await this.receive();
      return true;
    }
    const wanted = this.careful ? 1 : this.settings.claimBatch;
    const room = Math.min(wanted, this.settings.maxMessagesInFlight - this.inHand.size);
    if (room <= 0 || this.heldByOthers()) {
      await pause(HOLD_CHECK_MS, signal);
      return true;
    }
    const messages = await this.queue.claim(room);
    this.holds.lift('redis_unavailable');
    if (messages.length === 0) return false;
    reached('claimed');
    this.metrics.messagesReceivedTotal.inc(messages.length);
    this.inHand.take(messages);
    this.unreceived = messages;
    await this.beCareful(messages);
    await this.receive();
    return true;
  }

  /**
   * Suspects that came with others go back, to be taken one by one: where one of many ends this process, and the next, and
   * the one after that, the others would be given up although nobody had looked into them.
   */
  private async beCareful(messages: readonly ClaimedMessage[]): Promise<void> {
    const suspects = suspectsOf(messages, this.settings.maxStalls);
    this.careful = suspects.length > 0;
    if (messages.length > 1) await this.releases.release(suspects.map(({ lease }) => lease));
  }

  private overdue(): readonly ClaimedMessage[] {
    return this.inHand.waitingSince(Date.now() - ASK_AGAIN_MS, this.settings.claimBatch);
  }

  /** An outage leaves those that are still in hand for the next turn; every step of receiving is safe to repeat. */
  private async receive(): Promise<void> {
    const messages = this.unreceived.filter(({ lease }) => this.inHand.has(lease));
    for (const group of bySuspicion(messages, this.settings.maxStalls)) await this.receiveTogether(group);
    this.unreceived = [];
  }

  private async receiveTogether(messages: readonly ClaimedMessage[]): Promise<void> {
    try {
      await this.desk.receive(messages);
    } catch (error) {
      if (error instanceof Held) throw error;
      this.logger.error({ message: 'a batch of messages failed, trying them one by one', error });
      await this.receiveOneByOne(messages);
    }
  }

  private async receiveOneByOne(messages: readonly ClaimedMessage[]): Promise<void> {
    for (const message of messages) {
      try {
        await this.desk.receive([message]);
      } catch (error) {
        if (error instanceof Held) throw error;
        await this.failures.settle([
          { message, reason: 'internal_error', error: nameOf(error), transactionHashes: [] },
        ]);
      }
    }
  }

  /** This loop itself finds out whether Redis is back. */
  private heldByOthers(): boolean {
    return this.holds.list().some(({ reason }) => reason !== 'redis_unavailable');
  }

  private async rest(signal: AbortSignal): Promise<void> {
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
    if (error instanceof Held) {
      this.holds.hold(error.reason, error.message);
      this.logger.warn({ message: 'work held back', reason: error.reason, detail: error.message });
    } else {
      this.logger.error({ message: 'turn failed, trying again', error });
    }
  }
}

/** Errors of unknown origin may hold anything in their message: only their class goes into a dead letter. */
function nameOf(error: unknown): string {
  return `unexpected ${error instanceof Error ? error.name : 'failure'}, see the log`;
}
