import type { HoldReason } from '../common/reasons.js';
import { unixNow } from '../common/unix-now.js';
import type { SharedHolds } from './hold-exchange.port.js';
import { type ClusterHold, type Hold, holdKey, type ReplicaHolds } from './hold.types.js';

interface Pause {
  readonly since: number;
  /** By source. */
  readonly details: ReadonlyMap<string, string>;
}

/** Milliseconds after which the holds of other replicas are not shown any more. */
const SHARED_FOR_MS = 15_000;

/** The active holds of this replica, and those that the other replicas share. */
export class HoldRegistry {
  /** Which replicas work in place of this one. It pauses processing as a hold does, and needs no operator. Null: none. */
  standby: string | null = null;
  private readonly active = new Map<HoldReason, Pause>();
  /** Holds that pause no claim, by source and reason. */
  private readonly reports = new Map<string, Hold>();
  private others: readonly ReplicaHolds[] = [];
  private starts: ReadonlyMap<string, number> = new Map();
  private sharedAt = -Infinity;

  /** @param replica unique name of this process */
  constructor(private readonly replica = 'this replica') {}

  /**
   * Pauses processing until the hold's condition ends (M3).
   *
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

  /** Whether this process must claim nothing, apart from reasons that the caller observes itself. */
  pauses(...except: readonly HoldReason[]): boolean {
    return this.standby !== null || [...this.active.keys()].some((reason) => !except.includes(reason));
  }

  /** Shows a hold of one lane or loop, while this replica goes on claiming. Replaces the one hold of the same source. */
  report(source: string, reason: HoldReason, detail: string, lane: string | null = null): void {
    const known = this.reports.get(source);
    const since = known?.reason === reason ? known.since : unixNow();
    this.reports.set(source, { reason, detail, since, lane, pauses: false });
  }

  withdraw(source: string): void {
    this.reports.delete(source);
  }

  /** The holds that pause processing, oldest first; `since` in Unix milliseconds. */
  list(): readonly { readonly reason: HoldReason; readonly since: number; readonly detail: string }[] {
    return [...this.active].map(([reason, { since, details }]) => ({
      reason,
      since,
      detail: [...new Set(details.values())].join('; '),
    }));
  }

  /** What this replica shares. A lane's report replaces the pause that quotes it. */
  get own(): ReplicaHolds {
    const reports = [...this.reports.values()];
    const pauses = this.list();
    const holds: readonly Hold[] = [
      ...pauses
        .filter((pause) => !reports.some((report) => isQuoted(report, pause)))
        .map((pause) => ({ ...pause, lane: null, pauses: true })),
      ...reports.map((report) => ({ ...report, pauses: pauses.some((pause) => isQuoted(report, pause)) })),
    ];
    return { replica: this.replica, standby: this.standby !== null, holds };
  }

  /** Takes what all replicas share. */
  update({ replicas, since }: SharedHolds): void {
    this.others = replicas.filter(({ replica }) => replica !== this.replica);
    this.starts = since;
    this.sharedAt = performance.now();
  }

  /** The holds of all live replicas, oldest first: the same from every replica that reaches Redis. */
  get cluster(): readonly ClusterHold[] {
    const fresh = performance.now() - this.sharedAt < SHARED_FOR_MS;
    const replicas = [this.own, ...(fresh ? this.others : [])];
    const working = replicas.filter(({ standby }) => !standby);
    const stopped = working.every(({ holds }) => holds.some(({ pauses }) => pauses));
    const merged = new Map<string, ClusterHold>();
    for (const { replica, holds } of replicas)
      for (const hold of holds)
        merged.set(holdKey(hold), this.merge(merged.get(holdKey(hold)), hold, replica, stopped));
    return [...merged.values()].toSorted((a, b) => a.since - b.since || holdKey(a).localeCompare(holdKey(b)));
  }

  private merge(known: ClusterHold | undefined, hold: Hold, replica: string, stopped: boolean): ClusterHold {
    const pauses = hold.pauses || known?.pauses === true;
    const since = Math.min(hold.since, known?.since ?? Infinity, this.starts.get(holdKey(hold)) ?? Infinity);
    return {
      ...hold,
      since,
      pauses,
      detail: [...new Set([...(known?.detail.split('; ') ?? []), ...hold.detail.split('; ')])].join('; '),
      scope: pauses ? (stopped ? 'service' : 'replica') : 'part',
      replicas: [...new Set([...(known?.replicas ?? []), replica])].toSorted(),
    };
  }
}

function isQuoted({ lane, ...report }: Hold, pause: { readonly reason: HoldReason; readonly detail: string }): boolean {
  return lane !== null && report.reason === pause.reason && pause.detail.includes(report.detail);
}
