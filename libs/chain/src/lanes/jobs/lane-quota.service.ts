import { Injectable } from '@nestjs/common';
import { TokenBackend } from '#core';
import { SignerConfig } from '#config';
import { LaneHolds } from '../status/lane-holds.service.js';
import type { LaneSession } from '../lifecycle/lane-session.js';
import { latestAttempt, type OpenSlot } from '../transactions/open-slots.js';
import { PendingJobs } from './pending-jobs.js';

/**
 * Limits how many new deployments each lane starts when one required signer must register every token. That signer's lane
 * is the bottleneck, so it starts none while another lane can. Alone, it starts at most what fills the next block, because
 * higher nonces wait for lower ones. When it has a backlog, the other lanes start nothing new.
 */
@Injectable()
export class LaneQuota {
  constructor(
    private readonly backend: TokenBackend,
    private readonly holds: LaneHolds,
    private readonly pending: PendingJobs,
    private readonly config: SignerConfig,
  ) {}

  /**
   * Returns the maximum number of jobs that the lane may take from those open to every lane.
   *
   * @param blockGas gas limit of a block
   */
  sharedJobLimit({ signer, slots }: LaneSession, blockGas: bigint): number {
    const lead = this.backend.requiredSigner;
    if (lead !== signer.address) {
      const backlogged = lead !== null && this.pending.countReservedFor(lead) >= 2 * this.config.maxInFlight;
      return backlogged ? 0 : Infinity;
    }
    if (this.holds.hasOtherFreeLane(signer.address)) return 0;
    const unminedDeployments = slots.unmined.filter(({ kind }) => kind === 'deploy');
    const maximum = Math.max(Math.ceil(this.config.maxInFlight / 2), countPerBlock(blockGas, unminedDeployments));
    return Math.max(0, maximum - unminedDeployments.length);
  }
}

/** Returns how many such transactions fill a block. 0 for an empty list. */
function countPerBlock(blockGas: bigint, slots: readonly OpenSlot[]): number {
  const gas = slots.reduce((sum, slot) => sum + latestAttempt(slot).gasLimit, 0n);
  return gas === 0n ? 0 : Math.ceil((Number(blockGas) * slots.length) / Number(gas));
}
