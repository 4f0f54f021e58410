import { Injectable, Logger } from '@nestjs/common';
import { HOLD_REASONS, Holds, Loop, MessageQueue, pause, type QueueDepth, ServiceState } from '#core';
import { CONSUMER_STATES, Metrics, type QueueLabel } from '#telemetry';

const ROUND_MS = 1_000;

/** The rounds that every replica makes: due retries, abandoned messages, and the gauges that show them. */
@Injectable()
export class Caretaker {
  private readonly logger = new Logger(Caretaker.name);
  private readonly loop = new Loop((signal) => this.turn(signal));

  constructor(
    private readonly queue: MessageQueue,
    private readonly holds: Holds,
    private readonly state: ServiceState,
    private readonly metrics: Metrics,
  ) {}

  start(): void {
    this.loop.start();
  }

  async stop(): Promise<void> {
    await this.loop.stop();
  }

  private async turn(signal: AbortSignal): Promise<void> {
    this.showState();
    try {
      await this.round();
      this.metrics.redisUp.set(1);
      this.metrics.collectorLastSuccessTimestampSeconds.setToCurrentTime({ collector: 'queues' });
    } catch (error) {
      this.metrics.redisUp.set(0);
      this.logger.warn({ message: 'round failed, trying again', error });
    }
    await pause(ROUND_MS, signal);
  }

  private async round(): Promise<void> {
    if (await this.queue.isPaused()) this.holds.hold('paused', 'an operator paused the queue');
    else this.holds.lift('paused');
    await this.queue.promote();
    // The worker loop asks Redis nothing while another hold lasts, or while it is full.
    this.holds.lift('redis_unavailable');
    const { expired, orphaned } = await this.queue.sweep();
    this.metrics.messagesRecoveredTotal.inc({ source: 'expired' }, expired);
    this.metrics.messagesRecoveredTotal.inc({ source: 'orphaned' }, orphaned);
    if (expired + orphaned > 0) this.logger.warn({ message: 'messages recovered', expired, orphaned });
    const { main, processing, delayed, deadLetter } = await this.queue.depths();
    this.showDepth('main_queue', main);
    this.showDepth('processing', processing);
    this.showDepth('delayed', delayed);
    this.showDepth('dead_letter', deadLetter);
  }

  private showDepth(queue: QueueLabel, { messages, oldestAgeMs }: QueueDepth): void {
    this.metrics.queueMessages.set({ queue }, messages);
    this.metrics.queueOldestMessageAgeSeconds.set({ queue }, (oldestAgeMs ?? 0) / 1000);
  }

  private showState(): void {
    const active = new Set(this.holds.list().map(({ reason }) => reason));
    for (const reason of HOLD_REASONS) this.metrics.consumerHeld.set({ reason }, active.has(reason) ? 1 : 0);
    for (const state of CONSUMER_STATES)
      this.metrics.consumerState.set({ state }, this.state.current === state ? 1 : 0);
  }
}
