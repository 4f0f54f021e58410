import { Injectable, Logger } from '@nestjs/common';
import { formatEther } from 'ethers';
import { HoldRegistry, LoopReport, PollingLoop, sleep, SPEND_BUDGETS, SpendRegistry } from '#core';
import { Metrics } from '#telemetry';
import { SpendGovernor } from './spend-governor.service.js';

const INTERVAL_MS = 1_000;

/** Reads policy and spending each second, so that a change of the policy reaches every replica, and sets their metrics. */
@Injectable()
export class SpendMonitor {
  private readonly logger = new Logger(SpendMonitor.name);
  private readonly loop = new PollingLoop((signal) => this.tick(signal));
  private readonly report: LoopReport;

  constructor(
    private readonly governor: SpendGovernor,
    private readonly registry: SpendRegistry,
    private readonly metrics: Metrics,
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
      this.setMetrics();
      this.report.succeeded();
    } catch (error) {
      this.report.failed(error);
      this.logger.warn({ event: 'policy.read_failed', message: 'policy not read, retrying', error });
    }
    await sleep(INTERVAL_MS, signal);
  }

  private setMetrics(): void {
    for (const budget of SPEND_BUDGETS) {
      const show = (amount: bigint): number => Number(budget === 'tokens_per_hour' ? amount : formatEther(amount));
      const { spent, reserved } = this.registry.windows[budget];
      const total = this.registry.budgetOf(budget);
      this.metrics.spendSpent.set({ budget }, show(spent + reserved));
      if (total === null) this.metrics.spendBudget.remove({ budget });
      else this.metrics.spendBudget.set({ budget }, show(total));
    }
    this.metrics.circuitOpen.set(this.registry.circuit === null ? 0 : 1);
    this.metrics.spendTokensLeft.set(this.governor.tokensLeft ?? -1);
  }
}
