import { Injectable, Logger } from '@nestjs/common';
import { type Durability, HoldError, HoldRegistry, JournalDurability } from '#core';
import type { LaneSession } from '../lifecycle/lane-session.js';
import { latestAttempt, type OpenSlot } from './open-slots.js';

/** Allows a broadcast only when enough Redis replicas have its journal entry, so that it survives a failover (J1). */
@Injectable()
export class ReplicationGate {
  private readonly logger = new Logger(ReplicationGate.name);
  private readonly waitingSessions = new Set<LaneSession>();

  constructor(
    private readonly durability: JournalDurability,
    private readonly holds: HoldRegistry,
  ) {}

  /**
   * Whether the slot's latest attempt may be broadcast now. If not, it stays in the journal and the tracker asks again with
   * every pass. Never throws.
   */
  async mayBroadcast(session: LaneSession, slot: OpenSlot): Promise<boolean> {
    const durability = await this.durabilityOf(session, slot);
    slot.awaitingReplication = durability !== 'secured';
    if (durability === 'gone') session.end();
    if (durability === 'replicas-missing') this.setHold(session);
    else this.clearHold(session);
    return durability === 'secured' && !session.ended;
  }

  /** Assumes missing replicas when Redis does not answer. */
  private async durabilityOf({ lease }: LaneSession, slot: OpenSlot): Promise<Durability> {
    try {
      return await this.durability.ensureReplicated(lease, slot.nonce, latestAttempt(slot).hash);
    } catch (error) {
      if (!(error instanceof HoldError)) throw error;
      return 'replicas-missing';
    }
  }

  private setHold(session: LaneSession): void {
    this.holds.set('replicas_missing', 'too few Redis replicas confirm the journal; signed transactions wait');
    if (this.waitingSessions.has(session)) return;
    this.waitingSessions.add(session);
    session.signal.addEventListener('abort', () => this.clearHold(session), { once: true });
    const message = 'too few Redis replicas confirm the journal';
    this.logger.warn({ event: 'journal.replicas_missing', message, lane: session.signer.address });
  }

  private clearHold(session: LaneSession): void {
    if (this.waitingSessions.delete(session) && this.waitingSessions.size === 0) this.holds.clear('replicas_missing');
  }
}
