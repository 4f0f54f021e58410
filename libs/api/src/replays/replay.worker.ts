import { type BeforeApplicationShutdown, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { HoldError, HoldRegistry, LoopReport, PollingLoop, sleep, type ReplayLease, ReplayRuns } from '#core';
import { ApiSettings } from '../api-settings.js';
import { ReplayExecutor } from './replay-executor.js';

/** Carries on the runs of this process, and those that another replica left behind. */
@Injectable()
export class ReplayWorker implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(ReplayWorker.name);
  private readonly stopping = new AbortController();
  private readonly loop = new PollingLoop(async (signal) => await this.tick(signal));
  private readonly carried = new Set<Promise<void>>();
  private readonly report: LoopReport;

  constructor(
    private readonly runs: ReplayRuns,
    private readonly execution: ReplayExecutor,
    private readonly settings: ApiSettings,
    holds: HoldRegistry,
  ) {
    this.report = new LoopReport(holds, 'replay takeover');
  }

  onApplicationBootstrap(): void {
    this.loop.start();
  }

  /** The run goes on in another replica, or after the next start. */
  async beforeApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    await Promise.all([this.loop.stop(), ...this.carried]);
  }

  /** Returns when the run has ended, or cannot be carried on here. Never throws. */
  async resume(lease: ReplayLease): Promise<void> {
    const carried = this.execute(lease);
    this.carried.add(carried);
    await carried;
    this.carried.delete(carried);
  }

  private async execute(lease: ReplayLease): Promise<void> {
    try {
      await this.execution.resume(lease, this.stopping.signal);
    } catch (error) {
      // The lease expires, and another replica takes over.
      this.logger.error({
        event: 'replay.interrupted',
        message: 'replay interrupted',
        replay_id: lease.run.request.id,
        error,
      });
    }
  }

  private async tick(signal: AbortSignal): Promise<void> {
    try {
      const lease = await this.runs.takeOver();
      this.report.succeeded();
      if (lease !== null) {
        this.logger.warn({ event: 'replay.taken_over', message: 'replay taken over', replay_id: lease.run.request.id });
        await this.resume(lease);
      }
    } catch (error) {
      this.report.failed(error);
      if (!(error instanceof HoldError))
        this.logger.error({ event: 'replay.takeover_failed', message: 'replay takeover failed, retrying', error });
    }
    await sleep(this.settings.replayTakeoverMs, signal);
  }
}
