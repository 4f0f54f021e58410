import { Injectable, Logger } from '@nestjs/common';
import { HoldError } from '#core';
import type { LaneSession } from '../lifecycle/lane-session.js';
import { TransactionSender } from '../transactions/transaction-sender.service.js';

/** An endpoint that lags shows a gap for a moment. */
const HOLD_AFTER_MS = 5_000;
const FILL_AFTER_MS = 15_000;
/** Maximum number of nonces filled in one pass. */
const MAX_FILLED = 64;

interface Gap {
  /** Monotonic milliseconds. */
  readonly since: number;
  readonly nonces: readonly number[];
  /** Why filling failed; null before the first failure. */
  readonly obstacle: HoldError | null;
}

/**
 * Fills nonces below an open slot that neither the chain nor the journal has. A chain that goes back below its final block
 * leaves such a gap, and mines nothing behind it. The filler is a transfer of zero to the account itself: its nonce may
 * have been used after all, and then it costs nothing.
 */
@Injectable()
export class NonceGapFiller {
  private readonly logger = new Logger(NonceGapFiller.name);
  private readonly gaps = new WeakMap<LaneSession, Gap>();

  constructor(private readonly sender: TransactionSender) {}

  /** @param used number of the account's transactions up to the newest block */
  async check(session: LaneSession, used: number): Promise<void> {
    const nonces = missingNonces(session, used);
    const known = this.gaps.get(session);
    if (nonces.length === 0) return void this.gaps.delete(session);
    const gap: Gap = { since: known?.since ?? performance.now(), nonces, obstacle: null };
    this.gaps.set(session, gap);
    if (performance.now() - gap.since >= FILL_AFTER_MS) await this.fill(session, gap);
  }

  /** Forgets the gap of a lane that waits for no block: nothing is behind it. */
  clear(session: LaneSession): void {
    this.gaps.delete(session);
  }

  /** Why nothing behind a gap is mined; null without a gap. */
  holdOf(session: LaneSession): HoldError | null {
    const gap = this.gaps.get(session);
    const lane = session.signer.address;
    if (gap !== undefined && performance.now() - gap.since >= HOLD_AFTER_MS) {
      if (gap.obstacle !== null) return gap.obstacle;
      return new HoldError('nonce_gap', `${lane}: the chain has lost nonce ${list(gap.nonces)}; it is filled soon`);
    }
    const fillers = session.slots.unmined.filter(({ kind }) => kind === 'noop').map(({ nonce }) => nonce);
    if (fillers.length === 0) return null;
    return new HoldError('nonce_gap', `${lane}: a transaction that fills nonce ${list(fillers)} waits for a block`);
  }

  private async fill(session: LaneSession, gap: Gap): Promise<void> {
    const lane = session.signer.address;
    this.logger.warn({ event: 'nonce.gap_filling', message: 'filling nonce gap', lane, nonces: gap.nonces });
    try {
      for (const nonce of gap.nonces) await this.sender.fillGap(session, nonce);
      this.gaps.delete(session);
    } catch (error) {
      if (!(error instanceof HoldError)) throw error;
      this.gaps.set(session, { ...gap, obstacle: error });
    }
  }
}

/** The lowest nonces below the highest open slot that no slot holds. */
function missingNonces({ slots, unreadableSlots }: LaneSession, used: number): readonly number[] {
  const held = new Set([...slots.all.map(({ nonce }) => nonce), ...unreadableSlots.map(Number)]);
  const highest = slots.all.at(-1)?.nonce ?? used;
  const candidates = Array.from({ length: Math.max(0, highest - used) }, (_value, index) => used + index);
  return candidates.filter((nonce) => !held.has(nonce)).slice(0, MAX_FILLED);
}

function list(nonces: readonly number[]): string {
  const shown = nonces.slice(0, 3).join(', ');
  return nonces.length > 3 ? `${shown} and ${nonces.length - 3} more` : shown;
}
