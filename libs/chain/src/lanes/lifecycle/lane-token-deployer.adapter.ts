import { Injectable, Logger } from '@nestjs/common';
import {
  type DeploymentJob,
  HoldRegistry,
  JobResultHandler,
  PollingLoop,
  sleep,
  TokenBackend,
  TokenDeployer,
} from '#core';
import { TokenAdopter } from '../jobs/token-adopter.worker.js';
import type { Lane, LaneSupervisor } from './lane.worker.js';
import { PendingJobs } from '../jobs/pending-jobs.js';
import { RegistrationMonitor } from '../jobs/registration-monitor.worker.js';

const STANDBY_INTERVAL_MS = 500;

/** All lanes of this process. While it holds none, it is a standby and gives its work back. */
@Injectable()
export class LaneTokenDeployer extends TokenDeployer implements LaneSupervisor {
  private readonly logger = new Logger(LaneTokenDeployer.name);
  private readonly standbyLoop = new PollingLoop((signal) => this.tick(signal));
  private lanes: readonly Lane[] = [];

  constructor(
    private readonly pending: PendingJobs,
    private readonly adopter: TokenAdopter,
    private readonly outcomes: JobResultHandler,
    private readonly holds: HoldRegistry,
    private readonly backend: TokenBackend,
    private readonly registrationMonitor: RegistrationMonitor,
  ) {
    super();
  }

  override submit(jobs: readonly DeploymentJob[]): void {
    this.pending.add(jobs);
  }

  start(lanes: readonly Lane[]): void {
    this.lanes = lanes;
    this.onLaneChange();
    this.adopter.start();
    this.registrationMonitor.start();
    for (const lane of lanes) lane.start();
    this.standbyLoop.start();
  }

  /** Ends every tenure after the step in hand. What was broadcast is in the journal; the rest is the caller's to release. */
  async stop(): Promise<void> {
    const { adopter, registrationMonitor, standbyLoop } = this;
    const others = [adopter.stop(), registrationMonitor.stop(), standbyLoop.stop()];
    await Promise.all([...this.lanes.map((lane) => lane.stop()), ...others]);
  }

  /** Lanes that cannot do without the lead signer go together: spread over replicas, they would wait for each other. */
  mayAcquire(address: string): boolean {
    const lead = this.backend.requiredSigner;
    return lead === null || address === lead || this.lanes.some((lane) => lane.address === lead && lane.isAcquired);
  }

  onLaneChange(): void {
    if (this.hasLane) this.holds.clear('no_lane');
    else this.holds.set('no_lane', this.lanes.map(({ obstacle }) => obstacle).join('; '));
    this.releaseLanesWithoutLead();
  }

  private releaseLanesWithoutLead(): void {
    for (const lane of this.lanes) {
      if (!lane.isAcquired || this.mayAcquire(lane.address)) continue;
      this.logger.log({
        event: 'lane.released',
        message: 'lane released, its required signer is on another replica',
        lane: lane.address,
      });
      lane.stepDown();
    }
  }

  private get hasLane(): boolean {
    return this.lanes.some((lane) => lane.isAcquired);
  }

  private async tick(signal: AbortSignal): Promise<void> {
    await sleep(STANDBY_INTERVAL_MS, signal);
    if (signal.aborted) return;
    this.releaseLanesWithoutLead();
    if (!this.hasLane && this.pending.size > 0) await this.releasePendingJobs();
  }

  /** Jobs that came in before the lane was lost would wait here for as long as another replica has it. */
  private async releasePendingJobs(): Promise<void> {
    const jobs = this.pending.drain();
    try {
      await this.outcomes.release(jobs.map((job) => job.request.record.modelId));
    } catch (error) {
      this.pending.add(jobs);
      this.logger.warn({
        event: 'job.release_failed',
        message: 'jobs not released, retrying',
        jobs: jobs.length,
        error,
      });
    }
  }
}
