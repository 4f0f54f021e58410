import { IdempotencyKeys, type Reservation, type StoredAnswer } from '#core';

/** Idempotency keys in memory. */
export class FakeIdempotencyKeys extends IdempotencyKeys {
  /** Milliseconds for which no new key is accepted. */
  waitMs = 0;
  private readonly keys = new Map<string, { readonly fingerprint: string; readonly answer: StoredAnswer | null }>();

  override async reserve(key: string, fingerprint: string): Promise<Reservation> {
    const known = this.keys.get(key);
    if (known === undefined && this.waitMs > 0) return { kind: 'exhausted', waitMs: this.waitMs };
    if (known === undefined) {
      this.keys.set(key, { fingerprint, answer: null });
      return { kind: 'reserved' };
    }
    if (known.fingerprint !== fingerprint) return { kind: 'mismatch' };
    return known.answer === null ? { kind: 'in_progress' } : { kind: 'answered', answer: known.answer };
  }

  override async store(key: string, fingerprint: string, answer: StoredAnswer): Promise<void> {
    this.keys.set(key, { fingerprint, answer });
  }

  override async forget(key: string): Promise<void> {
    this.keys.delete(key);
  }
}
