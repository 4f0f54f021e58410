import { Injectable, Logger } from '@nestjs/common';
import { Caretaker } from './caretaker.js';
import { Consumer } from './consumer.js';
import { LeaseKeeper } from './lease-keeper.js';
import { MessagesInHand } from './messages-in-hand.js';
import { Releases } from './releases.js';

/** Starts and stops the use case. */
@Injectable()
export class DeploymentRunner {
  private readonly logger = new Logger(DeploymentRunner.name);

  constructor(
    private readonly consumer: Consumer,
    private readonly keeper: LeaseKeeper,
    private readonly caretaker: Caretaker,
    private readonly inHand: MessagesInHand,
    private readonly releases: Releases,
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
      this.logger.warn({ message: 'messages not released, their leases will run out', messages: leases.length, error });
    }
  }
}
