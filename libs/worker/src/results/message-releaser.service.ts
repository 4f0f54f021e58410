import { Injectable, Logger } from '@nestjs/common';
import { MessageQueue } from '#core';
import { InFlightMessages } from '../consumer/in-flight-messages.js';

/** Requeues messages at the head of the queue. */
@Injectable()
export class MessageReleaser {
  private readonly logger = new Logger(MessageReleaser.name);

  constructor(
    private readonly queue: MessageQueue,
    private readonly inHand: InFlightMessages,
  ) {}

  /** Consumes no retry. After an error all messages stay in flight and the call may be repeated. */
  async release(leases: readonly string[]): Promise<void> {
    if (leases.length === 0) return;
    const results = await this.queue.settle(leases.map((lease) => ({ lease, settlement: { kind: 'release' } })));
    const released = leases.filter((lease, index) => this.inHand.recordSettlement(lease, results[index], 'released'));
    this.logger.log({ event: 'message.released', message: 'messages released', messages: released.length });
  }
}
