import { Injectable, Logger } from '@nestjs/common';
import { PollingLoop, MessageQueue, sleep } from '#core';
import { WorkerSettings } from '../worker-settings.js';
import { InFlightMessages } from './in-flight-messages.js';

/** Renews the leases of all messages in hand, three times per lease, for as long as it takes to deploy them. */
@Injectable()
export class LeaseRenewer {
  private readonly logger = new Logger(LeaseRenewer.name);
  private readonly loop = new PollingLoop((signal) => this.tick(signal));
  /** Of the last round. */
  private gone: ReadonlySet<string> = new Set();

  constructor(
    private readonly queue: MessageQueue,
    private readonly inHand: InFlightMessages,
    private readonly settings: WorkerSettings,
  ) {}

  start(): void {
    this.loop.start();
  }

  async stop(): Promise<void> {
    await this.loop.stop();
  }

  private async tick(signal: AbortSignal): Promise<void> {
    await sleep(this.settings.leaseDurationMs / 3, signal);
    if (signal.aborted) return;
    try {
      await this.renew();
    } catch (error) {
      this.logger.warn({ event: 'lease.renewal_failed', message: 'lease renewal failed, retrying', error });
    }
  }

  /**
   * A lease that is gone is no reason to stop a deployment: the job in the ledger goes on, and whoever has the message
   * now is attached to the same job. The message stays in hand for one round more: where its settlement took the lease,
   * the reply to that is on its way.
   */
  private async renew(): Promise<void> {
    const { leases } = this.inHand;
    if (leases.length === 0) return;
    const gone = await this.queue.renew(leases);
    for (const lease of gone) if (this.gone.has(lease)) this.inHand.remove(lease);
    this.gone = new Set(gone);
  }
}
