import { Injectable, Logger } from '@nestjs/common';
import { PollingLoop, MessageQueue, sleep } from '#core';
import { WorkerSettings } from '../worker-settings.js';
import { InFlightMessages } from './in-flight-messages.js';

/** Renews the leases of all in-flight messages, three times per lease duration. */
@Injectable()
export class LeaseRenewer {
  private readonly logger = new Logger(LeaseRenewer.name);
  private readonly loop = new PollingLoop((signal) => this.tick(signal));
  /** Lost leases of the last renewal. */
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
   * Removes messages whose lease is lost twice in a row. Their jobs continue, because a new delivery attaches to the
   * same job. One lost renewal may be a settlement whose reply is pending.
   */
  private async renew(): Promise<void> {
    const { leases } = this.inHand;
    if (leases.length === 0) return;
    const gone = await this.queue.renew(leases);
    for (const lease of gone) if (this.gone.has(lease)) this.inHand.remove(lease);
    this.gone = new Set(gone);
  }
}
