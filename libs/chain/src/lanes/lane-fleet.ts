import { Injectable, Logger } from '@nestjs/common';
import { type DeploymentJob, Holds, JobOutcomes, Loop, pause, TokenDeployer } from '#core';
import { Adopter } from './adopter.js';
import type { Lane } from './lane.js';
import { PendingJobs } from './pending-jobs.js';

const STANDBY_ROUND_MS = 500;

/** All lanes of this process. While it holds none, it is a standby and gives its work back. */
@Injectable()
export class LaneFleet extends TokenDeployer {
  private readonly logger = new Logger(LaneFleet.name);
  private readonly standby = new Loop((signal) => this.giveBackOnStandby(signal));
  private lanes: readonly Lane[] = [];

  constructor(
    private readonly pending: PendingJobs,
    private readonly adopter: Adopter,
    private readonly outcomes: JobOutcomes,
    private readonly holds: Holds,
  ) {
    super();
  }

  override submit(jobs: readonly DeploymentJob[]): void {
    this.pending.add(jobs);
  }

  start(lanes: readonly Lane[]): void {
    this.lanes = lanes;
    this.showTenures();
    this.adopter.start();
    for (const lane of lanes) lane.start();
    this.standby.start();
  }

  /** Ends every tenure after the step in hand. What was broadcast is in the journal; the rest is the caller's to release. */
  async stop(): Promise<void> {
    await Promise.all([...this.lanes.map((lane) => lane.stop()), this.adopter.stop(), this.standby.stop()]);
  }

  /** To be called when a tenure begins or ends. */
  readonly showTenures = (): void => {
    if (this.working) this.holds.lift('no_lane');
    else this.holds.hold('no_lane', 'every signer is with another replica, or Redis does not answer');
  };

  private get working(): boolean {
    return this.lanes.some((lane) => lane.held);
  }

  /** Jobs that came in before the lane was lost would wait here for as long as another replica has it. */
  private async giveBackOnStandby(signal: AbortSignal): Promise<void> {
    await pause(STANDBY_ROUND_MS, signal);
    if (this.working || signal.aborted || this.pending.size === 0) return;
    const jobs = this.pending.drain();
    try {
      await this.outcomes.release(jobs.map((job) => job.request.record.modelId));
    } catch (error) {
      this.pending.add(jobs);
      this.logger.warn({ message: 'jobs not given back, trying again', jobs: jobs.length, error });
    }
  }
}
