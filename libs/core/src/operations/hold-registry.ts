import type { HoldReason } from '../common/reasons.js';

/** Conditions outside any message that hold work back (M3). They end by themselves; nothing is lost meanwhile. */
export class HoldRegistry {
  private readonly active = new Map<HoldReason, { readonly since: number; readonly detail: string }>();

  /** @param detail for people; must not contain a secret */
  set(reason: HoldReason, detail: string): void {
    const since = this.active.get(reason)?.since ?? Date.now();
    this.active.set(reason, { since, detail });
  }

  clear(reason: HoldReason): void {
    this.active.delete(reason);
  }

  /** Oldest first; `since` in Unix milliseconds. */
  list(): readonly { readonly reason: HoldReason; readonly since: number; readonly detail: string }[] {
    return [...this.active].map(([reason, hold]) => ({ reason, ...hold })).toSorted((a, b) => a.since - b.since);
  }
}
