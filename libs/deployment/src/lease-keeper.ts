import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable, Logger } from '@nestjs/common';
import { MessageQueue } from '#core';
import { DeploymentSettings } from './deployment-settings.js';
import { MessagesInHand } from './messages-in-hand.js';

/** Renews the leases of all messages in hand, three times per lease, for as long as it takes to deploy them. */
@Injectable()
export class LeaseKeeper {
  private readonly logger = new Logger(LeaseKeeper.name);
  private readonly ended = new AbortController();
  private loop: Promise<void> = Promise.resolve();

  constructor(
    private readonly queue: MessageQueue,
    private readonly inHand: MessagesInHand,
    private readonly settings: DeploymentSettings,
  ) {}

  start(): void {
    this.loop = this.run();
  }

  async stop(): Promise<void> {
    this.ended.abort();
    await this.loop;
  }

  private async run(): Promise<void> {
    const { signal } = this.ended;
    while (!signal.aborted) {
      await sleep(this.settings.leaseDurationMs / 3, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return;
      try {
        await this.renew();
      } catch (error) {
        this.logger.warn({ message: 'leases could not be renewed, trying again', error });
      }
    }
  }

  /**
   * A lease that is gone is no reason to stop a deployment: the job in the ledger goes on, and whoever has the message
   * now is attached to the same job.
   */
  private async renew(): Promise<void> {
    const { leases } = this.inHand;
    if (leases.length === 0) return;
    for (const lease of await this.queue.renew(leases)) this.inHand.drop(lease);
  }
}
