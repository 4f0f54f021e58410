import { setTimeout as sleep } from 'node:timers/promises';
import type { ClaimedMessage, Settlement } from '#core';
import { deadLetterEntry } from '#messages';
import { MAX_STALLS, QUEUE_SETTINGS } from '../chaos-settings.js';
import type { SeededRandom } from '../../support/seeded-random.js';

export interface Decision {
  readonly message: ClaimedMessage;
  readonly settlement: Settlement;
}

const PACES = { quick: 80, slow: 12, 'longer than a lease': 3, asleep: 3 } as const;
const OUTCOMES = { ack: 64, retry: 14, release: 10, 'dead-letter': 8, forget: 4 } as const;

/** Does with messages what a handler may do, and what it should not do. */
export class Handler {
  constructor(
    private readonly dice: SeededRandom,
    private readonly worker: string,
  ) {}

  /** Chooses the processing time, and whether the worker renews the leases of the batch meanwhile. */
  pace(): { readonly ms: number; readonly renewed: boolean } {
    const { leaseDurationMs } = QUEUE_SETTINGS;
    const pace = this.dice.weighted(PACES);
    if (pace === 'quick') return { ms: this.dice.between(0, 15), renewed: true };
    if (pace === 'slow') return { ms: this.dice.between(50, 400), renewed: true };
    return { ms: this.dice.between(leaseDurationMs, leaseDurationMs * 2), renewed: pace !== 'asleep' };
  }

  async work(ms: number): Promise<void> {
    await sleep(ms);
  }

  /** Null when the handler forgets to answer. */
  decide(message: ClaimedMessage): Decision | null {
    if (message.stalls >= MAX_STALLS) return { message, settlement: this.deadLetter(message, 'poison') };
    const outcome = this.dice.weighted(OUTCOMES);
    switch (outcome) {
      case 'forget':
        return null;
      case 'retry':
        return { message, settlement: { kind: 'retry', delayMs: this.dice.between(0, 400), reason: 'internal_error' } };
      case 'dead-letter':
        return { message, settlement: this.deadLetter(message, 'internal_error') };
      case 'ack':
      case 'release':
        return { message, settlement: { kind: outcome } };
    }
  }

  private deadLetter(message: ClaimedMessage, reason: 'poison' | 'internal_error'): Settlement {
    const entry = deadLetterEntry({
      message,
      reason,
      error: 'by chance',
      queue: QUEUE_SETTINGS.queueName,
      transactionHashes: [],
      worker: this.worker,
      failedAt: Date.now(),
    });
    return { kind: 'dead-letter', entry };
  }
}
