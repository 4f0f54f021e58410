import { Injectable, Logger } from '@nestjs/common';
import { HoldRegistry, LoopReport, PollingLoop, MessageQueue, sleep, type QueueDepth, ServiceState } from '#core';
import { CONSUMER_STATES, Metrics, type QueueLabel } from '#telemetry';
import { KeyTypeHolds } from './key-type-holds.service.js';

const MAINTENANCE_INTERVAL_MS = 1_000;

/** Requeues due retries and abandoned messages, and updates the queue gauges. Runs on every replica. */
@Injectable()
export class QueueMaintenanceWorker {
  private readonly logger = new Logger(QueueMaintenanceWorker.name);
  private readonly loop = new PollingLoop((signal) => this.tick(signal));

  private readonly report: LoopReport;

  constructor(
    private readonly queue: MessageQueue,
    private readonly holds: HoldRegistry,
    private readonly state: ServiceState,
    private readonly metrics: Metrics,
    private readonly keyTypes: KeyTypeHolds,
  ) {
    this.report = new LoopReport(holds, 'queue maintenance');
  }

  start(): void {
    this.loop.start();
  }

  async stop(): Promise<void> {
    await this.loop.stop();
  }

  private async tick(signal: AbortSignal): Promise<void> {
    this.reportState();
    try {
      await this.runMaintenance();
      this.report.succeeded();
      this.metrics.collectorLastSuccessTimestampSeconds.setToCurrentTime({ collector: 'queues' });
    } catch (error) {
      this.report.failed(error);
      this.logger.warn({ event: 'collector.failed', message: 'queue maintenance failed, retrying', error });
    }
    await sleep(MAINTENANCE_INTERVAL_MS, signal);
  }

  private async runMaintenance(): Promise<void> {
    await this.keyTypes.check();
    if (await this.queue.isPaused()) this.holds.set('paused', 'an operator paused the queue');
    else this.holds.clear('paused');
    await this.queue.promote();
    // The consumer does not query Redis during another hold or at its in-flight limit.
    this.holds.clear('redis_unavailable');
    const { expired, orphaned } = await this.queue.sweep();
    this.metrics.messagesRecoveredTotal.inc({ source: 'expired' }, expired);
    this.metrics.messagesRecoveredTotal.inc({ source: 'orphaned' }, orphaned);
    if (expired + orphaned > 0)
      this.logger.warn({ event: 'message.recovered', message: 'messages recovered', expired, orphaned });
    const { main, processing, delayed, deadLetter } = await this.queue.depths();
    this.reportDepths('main_queue', main);
    this.reportDepths('processing', processing);
    this.reportDepths('delayed', delayed);
    this.reportDepths('dead_letter', deadLetter);
  }

  private reportDepths(queue: QueueLabel, { messages, oldestAgeMs }: QueueDepth): void {
    this.metrics.queueMessages.set({ queue }, messages);
    this.metrics.queueOldestMessageAgeSeconds.set({ queue }, (oldestAgeMs ?? 0) / 1000);
  }

  private reportState(): void {
    for (const state of CONSUMER_STATES)
      this.metrics.consumerState.set({ state }, this.state.current === state ? 1 : 0);
  }
}
