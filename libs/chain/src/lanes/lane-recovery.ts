import { Injectable, Logger } from '@nestjs/common';
import {
  type DeploymentJob,
  DeploymentJobs,
  type LaneLease,
  LaneJournal,
  type LaneState,
  reached,
  type Slot,
} from '#core';
import type { LaneSigner } from './lane-signer.js';
import { LaneSession } from './lane-session.js';

/** Begins a tenure from the journal alone: the same after a first start, a crash and a takeover. */
@Injectable()
export class LaneRecovery {
  private readonly logger = new Logger(LaneRecovery.name);

  constructor(
    private readonly journal: LaneJournal,
    private readonly jobs: DeploymentJobs,
  ) {}

  /** The slots of the journal, to be tracked; those that are not mined are sent again by the tracker's first pass. */
  async begin(
    lease: LaneLease,
    signer: LaneSigner,
  ): Promise<{ readonly session: LaneSession; readonly state: LaneState }> {
    reached('lane-acquired');
    const state = await this.journal.read(signer.address);
    const session = new LaneSession(lease, signer, state.nextNonce ?? 0);
    for (const slot of state.slots) session.slots.add(slot, await this.jobsOf(slot), 0);
    this.logger.log({
      message: 'lane acquired',
      lane: signer.address,
      epoch: lease.epoch,
      next_nonce: state.nextNonce,
      open_slots: state.slots.length,
    });
    return { session, state };
  }

  private async jobsOf(slot: Slot): Promise<readonly DeploymentJob[]> {
    const jobs = await Promise.all(slot.modelIds.map((modelId) => this.jobs.find(modelId)));
    return jobs.filter((job) => job !== null);
  }
}
