import { Injectable, Logger } from '@nestjs/common';
import { HoldSharingWorker } from './maintenance/hold-sharing.worker.js';
import { QueueMaintenanceWorker } from './maintenance/queue-maintenance.worker.js';
import { MessageConsumer } from './consumer/message-consumer.worker.js';
import { LeaseRenewer } from './consumer/lease-renewer.worker.js';
import { InFlightMessages } from './consumer/in-flight-messages.js';
import { MessageReleaser } from './results/message-releaser.service.js';

/** Starts and stops consumer, lease renewal, queue maintenance and the sharing of holds. */
@Injectable()
export class DeploymentWorkers {
  private readonly logger = new Logger(DeploymentWorkers.name);

  constructor(
    private readonly consumer: MessageConsumer,
    private readonly keeper: LeaseRenewer,
    private readonly caretaker: QueueMaintenanceWorker,
    private readonly holdSharing: HoldSharingWorker,
    private readonly inHand: InFlightMessages,
    private readonly releases: MessageReleaser,
  ) {}

  start(): void {
    this.caretaker.start();
    this.holdSharing.start();
    this.keeper.start();
    this.consumer.start();
  }

  /** First shutdown step: stops claiming. */
  async stopClaiming(): Promise<void> {
    await this.consumer.stop();
  }

  /**
   * Second shutdown step, after the lanes stopped: requeues in-flight messages at the head and consumes no retry. Sent
   * transactions stay in the journal; their messages attach to the same job again.
   */
  async stop(): Promise<void> {
    await Promise.all([this.keeper.stop(), this.caretaker.stop(), this.holdSharing.stop()]);
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
