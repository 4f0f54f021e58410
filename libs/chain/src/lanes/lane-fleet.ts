import { Injectable, Logger } from '@nestjs/common';
import { type DeploymentJob, Holds, JobOutcomes, Loop, pause, TokenBackend, TokenDeployer } from '#core';
import { Adopter } from './adopter.js';
import type { Lane, Tenures } from './lane.js';
import { PendingJobs } from './pending-jobs.js';
import { RegistrationWatch } from './registration-watch.js';

const STANDBY_ROUND_MS = 500;

/** All lanes of this process. While it holds none, it is a standby and gives its work back. */
@Injectable()
export class LaneFleet extends TokenDeployer implements Tenures {
  private readonly logger = new Logger(LaneFleet.name);
  private readonly standby = new Loop((signal) => this.round(signal));
  private lanes: readonly Lane[] = [];

  constructor(
    private readonly pending: PendingJobs,
    private readonly adopter: Adopter,
    private readonly outcomes: JobOutcomes,
    private readonly holds: Holds,
    private readonly backend: TokenBackend,
    private readonly registrations: RegistrationWatch,
  ) {
    super();
  }

  override submit(jobs: readonly DeploymentJob[]): void {
    this.pending.add(jobs);
  }

  start(lanes: readonly Lane[]): void {
    this.lanes = lanes;
    this.changed();
    this.adopter.start();
    this.registrations.start();
    for (const lane of lanes) lane.start();
    this.standby.start();
  }

  /** Ends every tenure after the step in hand. What was broadcast is in the journal; the rest is the caller's to release. */
  async stop(): Promise<void> {
    const { adopter, registrations, standby } = this;
    const others = [adopter.stop(), registrations.stop(), standby.stop()];
    await Promise.all([...this.lanes.map((lane) => lane.stop()), ...others]);
  }

  /** Lanes that cannot do without the lead signer go together: spread over replicas, they would wait for each other. */
  admits(address: string): boolean {
    const lead = this.backend.leadSigner;
    return lead === null || address === lead || this.lanes.some((lane) => lane.address === lead && lane.held);
  }

  changed(): void {
    if (this.working) this.holds.lift('no_lane');
    else this.holds.hold('no_lane', 'every signer is with another replica, or Redis does not answer');
    this.letGo();
  }

  private letGo(): void {
    for (const lane of this.lanes) {
      if (!lane.held || this.admits(lane.address)) continue;
      this.logger.log({ message: 'lane given up, its lead signer is elsewhere', lane: lane.address });
      lane.giveUp();
    }
  }

  private get working(): boolean {
    return this.lanes.some((lane) => lane.held);
  }

  private async round(signal: AbortSignal): Promise<void> {
    await pause(STANDBY_ROUND_MS, signal);
    if (signal.aborted) return;
    this.letGo();
    if (!this.working && this.pending.size > 0) await this.giveBack();
  }

  /** Jobs that came in before the lane was lost would wait here for as long as another replica has it. */
  private async giveBack(): Promise<void> {
    const jobs = this.pending.drain();
    try {
      await this.outcomes.release(jobs.map((job) => job.request.record.modelId));
    } catch (error) {
      this.pending.add(jobs);
      this.logger.warn({ message: 'jobs not given back, trying again', jobs: jobs.length, error });
    }
  }
}
