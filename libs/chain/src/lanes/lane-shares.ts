import { Injectable } from '@nestjs/common';
import { TokenBackend } from '#core';
import { SignerConfig } from '#config';
import { LaneHolds } from './lane-holds.js';
import type { LaneSession } from './lane-session.js';
import { newestAttempt, type OpenSlot } from './open-slots.js';
import { PendingJobs } from './pending-jobs.js';

/**
 * How the slots of the lead signer's lane are shared out. What only that lane can send comes after what every lane can
 * begin, so all lanes together are as fast as it is: it begins nothing itself while another lane can. Alone, it begins no
 * more than the next block can take, since whatever has a higher nonce waits until that is mined. And when it does not get
 * on, for want of ether or of a clear nonce, the others begin nothing more that it would have to finish.
 */
@Injectable()
export class LaneShares {
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
  common({ signer, slots }: LaneSession, blockGas: bigint): number {
    const lead = this.backend.leadSigner;
    if (lead !== signer.address) return lead !== null && this.isBehind(lead) ? 0 : Infinity;
    if (this.holds.isFreeBeside(signer.address)) return 0;
    const begun = slots.unmined.filter(({ kind }) => kind === 'deploy');
    const most = Math.max(Math.ceil(this.config.maxInFlight / 2), fittingInto(blockGas, begun));
    return Math.max(0, most - begun.length);
  }

  /** Whether more waits for the lead signer than it sends at a time, twice over. */
  private isBehind(lead: string): boolean {
    return this.pending.reservedFor(lead) >= 2 * this.config.maxInFlight;
  }
}

/** How many such transactions fill a block; 0 without one. */
function fittingInto(blockGas: bigint, slots: readonly OpenSlot[]): number {
  const gas = slots.reduce((sum, slot) => sum + newestAttempt(slot).gasLimit, 0n);
  return gas === 0n ? 0 : Math.ceil((Number(blockGas) * slots.length) / Number(gas));
}
