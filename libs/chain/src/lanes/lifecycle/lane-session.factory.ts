import { Injectable, Logger } from '@nestjs/common';
import { Transaction } from 'ethers';
import { DeploymentJobs, type LaneLease, LaneJournal, type LaneState, failpoint, type Slot, TokenBackend } from '#core';
import type { LaneAccount } from '../transactions/lane-account.js';
import { LaneSession } from './lane-session.js';
import { latestAttempt, type SlotContent } from '../transactions/open-slots.js';

/** Creates a lane session from the journal: the same after a first start, a crash and a takeover. */
@Injectable()
export class LaneSessionFactory {
  private readonly logger = new Logger(LaneSessionFactory.name);

  constructor(
    private readonly journal: LaneJournal,
    private readonly jobs: DeploymentJobs,
    private readonly backend: TokenBackend,
  ) {}

  /** Loads the open slots of the lane. The tracker rebroadcasts those that are not mined. */
  async create(
    lease: LaneLease,
    signer: LaneAccount,
  ): Promise<{ readonly session: LaneSession; readonly state: LaneState }> {
    failpoint('lane-acquired');
    const state = await this.completeCommits(lease, await this.journal.read(signer.address));
    const session = new LaneSession(lease, signer, state.nextNonce ?? 0);
    for (const slot of state.slots) session.slots.add(slot, await this.loadContent(slot), -Infinity);
    this.logger.log({
      event: 'lane.acquired',
      message: 'lane acquired',
      lane: signer.address,
      epoch: lease.epoch,
      next_nonce: state.nextNonce,
      open_slots: state.slots.length,
    });
    return { session, state };
  }

  /** Commits slots again whose commit Redis refused half-way: their jobs would get a second transaction. */
  private async completeCommits(lease: LaneLease, state: LaneState): Promise<LaneState> {
    let complete = true;
    for (const slot of state.slots) {
      const jobs = await Promise.all(slot.modelIds.map((modelId) => this.jobs.find(modelId)));
      if (slot.nonce < (state.nextNonce ?? 0) && jobs.every((job) => job?.state !== 'admitted')) continue;
      await this.journal.commit(lease, slot);
      complete = false;
    }
    return complete ? state : await this.journal.read(lease.lane);
  }

  private async loadContent(slot: Slot): Promise<SlotContent> {
    const { data, value } = Transaction.from(latestAttempt(slot).raw);
    const jobs = await Promise.all(slot.modelIds.map((modelId) => this.jobs.find(modelId)));
    const kind = slot.modelIds.length === 0 ? 'noop' : this.backend.kindOf(data);
    return { kind, value, jobs: jobs.filter((job) => job !== null) };
  }
}
