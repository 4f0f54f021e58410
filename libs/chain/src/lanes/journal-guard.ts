import { Injectable, Logger } from '@nestjs/common';
import { type Durability, Held, Holds, JournalDurability } from '#core';
import type { LaneSession } from './lane-session.js';
import { newestAttempt, type OpenSlot } from './open-slots.js';

/** The last gate before a broadcast: what leaves must stand in a journal that survives the loss of its primary (J1). */
@Injectable()
export class JournalGuard {
  private readonly logger = new Logger(JournalGuard.name);
  private readonly waiting = new Set<LaneSession>();

  constructor(
    private readonly durability: JournalDurability,
    private readonly holds: Holds,
  ) {}

  /**
   * Whether the slot's newest attempt may be sent now. One that may not stays in the journal, and the tracker asks again
   * with every pass. Never throws.
   */
  async admits(session: LaneSession, slot: OpenSlot): Promise<boolean> {
    const durability = await this.ask(session, slot);
    slot.withheld = durability !== 'secured';
    if (durability === 'gone') session.end();
    if (durability === 'replicas-missing') this.hold(session);
    else this.release(session);
    return durability === 'secured' && !session.over;
  }

  /** Without an answer nobody knows what the replicas have. */
  private async ask({ lease }: LaneSession, slot: OpenSlot): Promise<Durability> {
    try {
      return await this.durability.secure(lease, slot.nonce, newestAttempt(slot).hash);
    } catch (error) {
      if (!(error instanceof Held)) throw error;
      return 'replicas-missing';
    }
  }

  private hold(session: LaneSession): void {
    this.holds.hold('replicas_missing', 'too few replicas of Redis confirm the journal; signed transactions wait');
    if (this.waiting.has(session)) return;
    this.waiting.add(session);
    session.signal.addEventListener('abort', () => this.release(session), { once: true });
    this.logger.warn({ message: 'too few replicas confirm the journal', lane: session.signer.address });
  }

  private release(session: LaneSession): void {
    if (this.waiting.delete(session) && this.waiting.size === 0) this.holds.lift('replicas_missing');
  }
}
