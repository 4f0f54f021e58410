import type { Discrepancy, DiscrepancyCode } from './discrepancies.js';

/** Counts of the compared items. */
export interface VerificationCounts {
  readonly jobs: number;
  readonly tokens: number;
  /** Tokens of other deployers. */
  readonly foreignTokens: number;
  readonly lanes: number;
  readonly slots: number;
  readonly leases: number;
  readonly messages: number;
  readonly events: number;
}

export interface VerificationReport {
  readonly disagreements: readonly Discrepancy[];
  /** Number of discrepancies not listed in `disagreements`. */
  readonly omitted: number;
  readonly byCode: Readonly<Partial<Record<DiscrepancyCode, number>>>;
  readonly counts: VerificationCounts;
  /** Newest final block; the chain was compared up to it. */
  readonly finalBlock: number;
}

/** Maximum discrepancies in memory; further ones are only counted. */
const KEPT = 10_000;

const NOTHING: VerificationCounts = {
  jobs: 0,
  tokens: 0,
  foreignTokens: 0,
  lanes: 0,
  slots: 0,
  leases: 0,
  messages: 0,
  events: 0,
};

/** Collects the discrepancies of one pass. */
export class Discrepancies {
  private readonly kept = new Map<string, Discrepancy>();
  private omitted = 0;
  private readonly byCode: Partial<Record<DiscrepancyCode, number>> = {};
  private readonly counted: Record<keyof VerificationCounts, number> = { ...NOTHING };

  /** @param confirmed keys of the first pass; others are transient and ignored. Null in the first pass */
  constructor(private readonly confirmed: ReadonlySet<string> | null) {}

  count(what: keyof VerificationCounts, number = 1): void {
    this.counted[what] += number;
  }

  add(code: DiscrepancyCode, subject: string, detail: string): void {
    const key = `${code} ${subject}`;
    if (this.kept.has(key) || (this.confirmed !== null && !this.confirmed.has(key))) return;
    this.byCode[code] = (this.byCode[code] ?? 0) + 1;
    if (this.kept.size < KEPT) this.kept.set(key, { code, subject, detail });
    else this.omitted += 1;
  }

  report(finalBlock: number): VerificationReport {
    const { omitted, byCode, counted } = this;
    return {
      disagreements: [...this.kept.values()],
      omitted,
      byCode: { ...byCode },
      counts: { ...counted },
      finalBlock,
    };
  }
}
