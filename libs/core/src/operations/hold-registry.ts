import type { HoldReason } from '../common/reasons.js';
import { unixNow } from '../common/unix-now.js';

interface Hold {
  readonly since: number;
  /** By source. */
  readonly details: ReadonlyMap<string, string>;
}

/** The active holds. Each pauses processing until its condition ends (M3). */
export class HoldRegistry {
  private readonly active = new Map<HoldReason, Hold>();
  /** Which replicas work in place of this one. It pauses processing as a hold does, and needs no operator. Null: none. */
  standby: string | null = null;

  /**
   * @param detail human-readable, free of secrets
   * @param source what reports the hold; a hold ends when each of its sources has cleared it
   */
  set(reason: HoldReason, detail: string, source = ''): void {
    const { since, details } = this.active.get(reason) ?? { since: unixNow(), details: new Map<string, string>() };
    this.active.set(reason, { since, details: new Map([...details, [source, detail]]) });
  }

  clear(reason: HoldReason, source = ''): void {
    const hold = this.active.get(reason);
    const details = new Map([...(hold?.details ?? [])].filter(([other]) => other !== source));
    if (hold !== undefined && details.size > 0) this.active.set(reason, { ...hold, details });
    else this.active.delete(reason);
  }

  /** Whether this process must claim nothing, apart from one reason that the caller observes itself. */
  pauses(except: HoldReason): boolean {
    return this.standby !== null || [...this.active.keys()].some((reason) => reason !== except);
  }

  /** Oldest first; `since` in Unix milliseconds. */
  list(): readonly { readonly reason: HoldReason; readonly since: number; readonly detail: string }[] {
    return [...this.active].map(([reason, { since, details }]) => ({
      reason,
      since,
      detail: [...new Set(details.values())].join('; '),
    }));
  }
}
