import { Injectable, Logger } from '@nestjs/common';
import { HoldRegistry, LoopReport, PollingLoop, sleep } from '#core';
import { SpendGovernor } from './spend-governor.service.js';

const INTERVAL_MS = 1_000;

/** Reads policy and spending each second, so that a change of the policy reaches every replica. */
@Injectable()
export class SpendMonitor {
  private readonly logger = new Logger(SpendMonitor.name);
  private readonly loop = new PollingLoop((signal) => this.tick(signal));
  private readonly report: LoopReport;

  constructor(
    private readonly governor: SpendGovernor,
    holds: HoldRegistry,
  ) {
    this.report = new LoopReport(holds, 'policy and spending');
  }

  start(): void {
    this.loop.start();
  }

  async stop(): Promise<void> {
    await this.loop.stop();
  }

  private async tick(signal: AbortSignal): Promise<void> {
    try {
      await this.governor.refresh();
      this.report.succeeded();
    } catch (error) {
      this.report.failed(error);
      this.logger.warn({ event: 'policy.read_failed', message: 'policy not read, retrying', error });
    }
    await sleep(INTERVAL_MS, signal);
  }
}
