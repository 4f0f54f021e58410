import { Injectable } from '@nestjs/common';
import { TokenBackend } from '#core';
import { SignerConfig } from '#config';
import { LaneHolds } from '../status/lane-holds.service.js';
import type { LaneSession } from '../lifecycle/lane-session.js';
import { latestAttempt, type OpenSlot } from '../transactions/open-slots.js';
import { PendingJobs } from './pending-jobs.js';

/**
 * How the slots of the lead signer's lane are shared out. What only that lane can send comes after what every lane can
 * begin, so all lanes together are as fast as it is: it begins nothing itself while another lane can. Alone, it begins no
 * more than the next block can take, since whatever has a higher nonce waits until that is mined. And when it does not get
 * on, for want of ether or of a clear nonce, the others begin nothing more that it would have to finish.
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
   * How many jobs that any lane may carry this one may take now, whatever room it has.
   *
   * @param blockGas what a block may use
   */
  sharedJobLimit({ signer, slots }: LaneSession, blockGas: bigint): number {
    const lead = this.backend.requiredSigner;
    if (lead !== signer.address) return lead !== null && this.isBacklogged(lead) ? 0 : Infinity;
    if (this.holds.hasOtherFreeLane(signer.address)) return 0;
    const unminedDeployments = slots.unmined.filter(({ kind }) => kind === 'deploy');
    const maximum = Math.max(Math.ceil(this.config.maxInFlight / 2), countPerBlock(blockGas, unminedDeployments));
    return Math.max(0, maximum - unminedDeployments.length);
  }

  /** Whether more waits for the lead signer than it sends at a time, twice over. */
  private isBacklogged(lead: string): boolean {
    return this.pending.countReservedFor(lead) >= 2 * this.config.maxInFlight;
  }
}

/** How many such transactions fill a block; 0 without one. */
function countPerBlock(blockGas: bigint, slots: readonly OpenSlot[]): number {
  const gas = slots.reduce((sum, slot) => sum + latestAttempt(slot).gasLimit, 0n);
  return gas === 0n ? 0 : Math.ceil((Number(blockGas) * slots.length) / Number(gas));
}
