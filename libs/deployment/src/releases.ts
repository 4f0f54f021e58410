import { Injectable, Logger } from '@nestjs/common';
import { MessageQueue } from '#core';
import { MessagesInHand } from './messages-in-hand.js';

/** Gives messages back to the head of the queue. */
@Injectable()
export class Releases {
  private readonly logger = new Logger(Releases.name);

  constructor(
    private readonly queue: MessageQueue,
    private readonly inHand: MessagesInHand,
  ) {}

  /**
   * Spends no attempt and never throws. What cannot be released is let go of: a lease that nobody renews runs out, and the
   * message returns to the queue all the same, instead of staying with a process that does not work on it.
   */
  async release(leases: readonly string[]): Promise<void> {
    if (leases.length === 0) return;
    try {
      const results = await this.queue.settle(leases.map((lease) => ({ lease, settlement: { kind: 'release' } })));
      const released = leases.filter((lease, index) => this.inHand.conclude(lease, results[index], 'released'));
      this.logger.log({ message: 'messages released', messages: released.length });
    } catch (error) {
      for (const lease of leases) this.inHand.drop(lease);
      this.logger.warn({ message: 'messages not released, their leases will run out', messages: leases.length, error });
    }
  }
}
