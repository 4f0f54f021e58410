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
import { SignerConfig } from '#config';
import { TokenAdopter } from '../jobs/token-adopter.worker.js';
import { Lane, LaneServices, type LaneSupervisor } from './lane.worker.js';
import { PendingJobs } from '../jobs/pending-jobs.js';
import { RegistrationMonitor } from '../jobs/registration-monitor.worker.js';
import type { LaneSigner } from '../transactions/lane-signer.js';

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
    private readonly services: LaneServices,
    private readonly config: SignerConfig,
  ) {
    super();
  }

  override submit(jobs: readonly DeploymentJob[]): void {
    this.pending.add(jobs);
  }

  start(signers: readonly LaneSigner[]): void {
    this.add(signers);
    this.adopter.start();
    this.registrationMonitor.start();
    this.standbyLoop.start();
  }

  /** Starts the lanes of signers. None starts before all are known: one may depend on another. */
  add(signers: readonly LaneSigner[]): void {
    const lanes = signers.map((signer) => new Lane(signer, this.config.laneLeaseMs, this.services, this));
    this.setLanes([...this.lanes, ...lanes]);
    for (const lane of lanes) lane.start();
  }

  /** Ends a lane after its current step, and drops its signer. Its open slots are left to `OrphanedLanes`. */
  async retire(address: string): Promise<void> {
    const retired = this.lanes.filter((lane) => lane.address === address);
    await Promise.all(retired.map((lane) => lane.stop()));
    this.setLanes(this.lanes.filter((lane) => !retired.includes(lane)));
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

  private setLanes(lanes: readonly Lane[]): void {
    this.lanes = lanes;
    this.backend.setSigners(lanes.map(({ address }) => address));
    this.onLaneChange();
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
    this.pending.releaseReserved((address) => this.lanes.every((lane) => lane.address !== address));
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
