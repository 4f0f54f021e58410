import { Injectable, Logger } from '@nestjs/common';
import { Transaction } from 'ethers';
import {
  type DeploymentJob,
  DeploymentJobs,
  failpoint,
  HoldError,
  LaneJournal,
  type LaneLease,
  type LaneState,
  type Slot,
  TokenBackend,
} from '#core';
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
    const unreadable = [...(state.unreadableSlots ?? [])];
    for (const slot of state.slots) {
      const content = await this.loadContent(slot);
      if (content === null) unreadable.push(String(slot.nonce));
      else session.slots.add(slot, content, -Infinity);
    }
    session.unreadableSlots = unreadable;
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
      const jobs = await this.findJobs(slot);
      if (slot.nonce < (state.nextNonce ?? 0) && jobs.every((job) => job?.state !== 'admitted')) continue;
      await this.journal.commit(lease, slot);
      complete = false;
    }
    return complete ? state : await this.journal.read(lease.lane);
  }

  /** Null for a slot whose transaction cannot be read. */
  private async loadContent(slot: Slot): Promise<SlotContent | null> {
    const signed = readTransaction(latestAttempt(slot).raw);
    if (signed === null) return null;
    const { data, value } = signed;
    const jobs = await this.findJobs(slot);
    const kind = slot.modelIds.length === 0 ? 'noop' : this.backend.kindOf(data);
    return { kind, value, jobs: jobs.filter((job) => job !== null) };
  }

  /** Null in place of a job that is absent or cannot be read: its slot stays open, and the others are worked on. */
  private async findJobs({ modelIds }: Slot): Promise<readonly (DeploymentJob | null)[]> {
    return await Promise.all(
      modelIds.map(async (modelId) => {
        try {
          return await this.jobs.find(modelId);
        } catch (error) {
          if (isUnreadable(error)) return null;
          throw error;
        }
      }),
    );
  }
}

/** True for an error that only a repair of the stored data ends. */
export function isUnreadable(error: unknown): boolean {
  return error instanceof HoldError && error.reason === 'ledger_unreadable';
}

function readTransaction(raw: string): Transaction | null {
  try {
    return Transaction.from(raw);
  } catch {
    return null;
  }
}
