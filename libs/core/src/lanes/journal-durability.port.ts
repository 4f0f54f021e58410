import type { LaneLease } from './lane-journal.port.js';

/**
 * - `secured`: the attempt would survive the loss of the journal's primary, as far as the configuration asks for that
 * - `replicas-missing`: too few replicas have it now; it must not be sent yet
 * - `gone`: the lease or the attempt is not in the journal any more; it must never be sent by this tenure
 */
export type Durability = 'secured' | 'replicas-missing' | 'gone';

/** Says whether a journalled attempt is safe enough to be sent. */
export abstract class JournalDurability {
  /** Asked before every broadcast, the first one and the repeats after a crash alike. Safe to repeat. */
  abstract ensureReplicated(lease: LaneLease, nonce: number, hash: string): Promise<Durability>;
}
