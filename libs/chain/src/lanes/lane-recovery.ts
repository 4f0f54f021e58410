import { Injectable, Logger } from '@nestjs/common';
import {
  type DeploymentJob,
  DeploymentJobs,
  Holds,
  type LaneLease,
  LaneJournal,
  type LaneState,
  reached,
  type Slot,
  pause,
} from '#core';
import { ChainReader } from '../rpc/chain-reader.js';
import type { LaneSigner } from './lane-signer.js';
import { LaneSession } from './lane-session.js';

const LOOK_AGAIN_MS = 1_000;

/** Begins a tenure from the journal and the chain alone: the same after a first start, a crash and a takeover. */
@Injectable()
export class LaneRecovery {
  private readonly logger = new Logger(LaneRecovery.name);

  constructor(
    private readonly journal: LaneJournal,
    private readonly jobs: DeploymentJobs,
    private readonly reader: ChainReader,
    private readonly holds: Holds,
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

  /**
   * Agrees with the chain on the next nonce. A chain that is ahead of the journal has seen transactions that the journal
   * does not know: nothing new is signed until all of them are mined and no slot is open.
   */
  async alignNonce(session: LaneSession, known: number | null): Promise<void> {
    const { address } = session.signer;
    while (!session.over) {
      const latest = await this.reader.nonce(address, 'latest');
      const pending = await this.reader.nonce(address, 'pending');
      const empty = session.slots.all.length === 0;
      const expected = known === null ? null : session.nextNonce;
      if (expected !== null && (pending === expected || (!empty && pending < expected))) break;
      if (empty && latest === pending) {
        await this.reset(session, latest);
        break;
      }
      this.holds.hold('lane_quarantined', `${address} has transactions that the journal does not know`);
      await pause(LOOK_AGAIN_MS, session.signal);
    }
    this.holds.lift('lane_quarantined');
    reached('recovered');
  }

  private async reset(session: LaneSession, nonce: number): Promise<void> {
    if (!(await this.journal.resetNonce(session.lease, nonce))) return session.end();
    reached('nonce-reset');
    session.nextNonce = nonce;
    this.logger.log({ message: 'next nonce taken from the chain', lane: session.signer.address, nonce });
  }

  private async jobsOf(slot: Slot): Promise<readonly DeploymentJob[]> {
    const jobs = await Promise.all(slot.modelIds.map((modelId) => this.jobs.find(modelId)));
    return jobs.filter((job) => job !== null);
  }
}
