import type { LaneLease } from './lane-journal.port.js';

/**
 * - `secured`: the configured number of replicas has the attempt
 * - `replicas-missing`: too few replicas have it; do not send it yet
 * - `gone`: the lane lease or the attempt is gone; never send it
 */
export type Durability = 'secured' | 'replicas-missing' | 'gone';

/** Checks that enough replicas hold a journaled attempt. */
export abstract class JournalDurability {
  /** Call it before every broadcast, rebroadcasts included. Idempotent. */
  abstract ensureReplicated(lease: LaneLease, nonce: number, hash: string): Promise<Durability>;
}
