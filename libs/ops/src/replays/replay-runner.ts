import { type BeforeApplicationShutdown, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { Held, Loop, pause, type ReplayLease, ReplayRuns } from '#core';
import { OpsSettings } from '../ops-settings.js';
import { ReplayExecution } from './replay-execution.js';

/** Carries on the runs of this process, and those that another replica left behind. */
@Injectable()
export class ReplayRunner implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(ReplayRunner.name);
  private readonly stopping = new AbortController();
  private readonly loop = new Loop(async (signal) => await this.turn(signal));
  private readonly carried = new Set<Promise<void>>();

  constructor(
    private readonly runs: ReplayRuns,
    private readonly execution: ReplayExecution,
    private readonly settings: OpsSettings,
  ) {}

  onApplicationBootstrap(): void {
    this.loop.start();
  }

  /** The run goes on in another replica, or after the next start. */
  async beforeApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    await Promise.all([this.loop.stop(), ...this.carried]);
  }

  /** Returns when the run has ended, or cannot be carried on here. Never throws. */
  async carryOn(lease: ReplayLease): Promise<void> {
    const carried = this.carry(lease);
    this.carried.add(carried);
    await carried;
    this.carried.delete(carried);
  }

  private async carry(lease: ReplayLease): Promise<void> {
    try {
      await this.execution.carryOn(lease, this.stopping.signal);
    } catch (error) {
      // The lease runs out, and whoever is alive then goes on.
      this.logger.error({ message: 'replay interrupted', replay_id: lease.run.order.id, error });
    }
  }

  private async turn(signal: AbortSignal): Promise<void> {
    try {
      const lease = await this.runs.adopt();
      if (lease !== null) {
        this.logger.warn({ message: 'replay taken over', replay_id: lease.run.order.id });
        await this.carryOn(lease);
      }
    } catch (error) {
      // That Redis is away is said elsewhere.
      if (!(error instanceof Held)) this.logger.error({ message: 'replays cannot be taken over', error });
    }
    await pause(this.settings.replayAdoptionMs, signal);
  }
}
