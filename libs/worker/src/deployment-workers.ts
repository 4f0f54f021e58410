import { Injectable, Logger } from '@nestjs/common';
import { QueueMaintenanceWorker } from './maintenance/queue-maintenance.worker.js';
import { MessageConsumer } from './consumer/message-consumer.worker.js';
import { LeaseRenewer } from './consumer/lease-renewer.worker.js';
import { InFlightMessages } from './consumer/in-flight-messages.js';
import { MessageReleaser } from './results/message-releaser.service.js';

/** Starts and stops the use case. */
@Injectable()
export class DeploymentWorkers {
  private readonly logger = new Logger(DeploymentWorkers.name);

  constructor(
    private readonly consumer: MessageConsumer,
    private readonly keeper: LeaseRenewer,
    private readonly caretaker: QueueMaintenanceWorker,
    private readonly inHand: InFlightMessages,
    private readonly releases: MessageReleaser,
  ) {}

  start(): void {
    this.caretaker.start();
    this.keeper.start();
    this.consumer.start();
  }

  /** First half of the end: nothing new is claimed. */
  async stopClaiming(): Promise<void> {
    await this.consumer.stop();
  }

  /**
   * Second half, after the lanes have stopped: every message still in hand goes back to the head of the queue and spends
   * no attempt. What was broadcast is in the journal; its message finds the job again.
   */
  async stop(): Promise<void> {
    await Promise.all([this.keeper.stop(), this.caretaker.stop()]);
    const { leases } = this.inHand;
    try {
      await this.releases.release(leases);
    } catch (error) {
      this.logger.warn({
        event: 'message.release_failed',
        message: 'messages not released; their leases will expire',
        messages: leases.length,
        error,
      });
    }
  }
}
