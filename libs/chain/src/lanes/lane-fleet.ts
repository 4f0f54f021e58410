import { Injectable } from '@nestjs/common';
import { type DeploymentJob, Holds, JobOutcomes, TokenDeployer } from '#core';
import { Adopter } from './adopter.js';
import type { Lane } from './lane.js';
import { PendingJobs } from './pending-jobs.js';

/** All lanes of this process. While it holds none, it is a standby and gives its work back. */
@Injectable()
export class LaneFleet extends TokenDeployer {
  private lanes: readonly Lane[] = [];
  private stopping = false;

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
    this.standBy();
    this.adopter.start();
    for (const lane of lanes) lane.start();
  }

  /** Ends every tenure after the step in hand. What was broadcast is in the journal; the rest is the caller's to release. */
  async stop(): Promise<void> {
    this.stopping = true;
    await Promise.all(this.lanes.map((lane) => lane.stop()));
    await this.adopter.stop();
  }

  /** To be called when a tenure begins or ends. */
  readonly tenuresChanged = (): void => {
    if (this.lanes.some((lane) => lane.held)) this.holds.lift('no_lane');
    else if (!this.stopping) this.standBy();
  };

  private standBy(): void {
    this.holds.hold('no_lane', 'another replica holds every signer, or Redis does not answer');
    const jobs = this.pending.drain();
    if (jobs.length > 0) void this.outcomes.release(jobs.map((job) => job.request.record.modelId));
  }
}
