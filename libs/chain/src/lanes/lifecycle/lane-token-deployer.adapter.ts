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

/** Deploys tokens through the lanes of this process. While it holds no lane, it releases its pending jobs. */
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

  /** Ends every session after its current step. The caller releases the jobs that are in no transaction. */
  async stop(): Promise<void> {
    await Promise.all([
      ...this.lanes.map((lane) => lane.stop()),
      this.adopter.stop(),
      this.registrationMonitor.stop(),
      this.standbyLoop.stop(),
    ]);
  }

  /** Lanes that depend on the required signer stay in one process. Spread over replicas, they would wait for each other. */
  mayAcquire(address: string): boolean {
    const lead = this.backend.requiredSigner;
    return lead === null || address === lead || this.lanes.some((lane) => lane.address === lead && lane.isAcquired);
  }

  onLaneChange(): void {
    const obstacles = this.lanes.map(({ obstacle }) => obstacle).join('; ');
    const standby = !this.hasLane && this.lanes.every((lane) => lane.isElsewhere);
    this.holds.standby = standby ? obstacles : null;
    if (this.hasLane || standby) this.holds.clear('no_lane');
    else this.holds.set('no_lane', obstacles);
    this.releaseLanesWithoutLead();
  }

  private releaseLanesWithoutLead(): void {
    for (const lane of this.lanes) {
      if (!lane.isAcquired || this.mayAcquire(lane.address)) continue;
      const message = 'lane released, its required signer is on another replica';
      this.logger.log({ event: 'lane.released', message, lane: lane.address });
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
    if (this.hasLane || this.pending.size === 0) return;
    // Pending jobs of a lost lane would wait until this process acquires it again.
    const jobs = this.pending.drain();
    try {
      await this.outcomes.release(jobs.map((job) => job.request.record.modelId));
    } catch (error) {
      this.pending.add(jobs);
      const message = 'jobs not released, retrying';
      this.logger.warn({ event: 'job.release_failed', message, jobs: jobs.length, error });
    }
  }
}
