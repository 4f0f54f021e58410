import type { RpcFailure } from './rpc-errors.js';

/**
 * Why an endpoint is not used.
 *
 * - `unreachable`: it does not answer in time, or not at all
 * - `erring`: it answers, but with HTTP errors or with faults of its own
 * - `rate_limited`: it asked to be left alone for a while
 * - `lagging`: its head is too far behind the best one
 * - `forked`: a settled block of its chain is not the block that the others have
 * - `wrong_chain`: it serves another chain id
 */
export type AsideReason = 'unreachable' | 'erring' | 'rate_limited' | 'lagging' | 'forked' | 'wrong_chain';

export interface Aside {
  readonly reason: AsideReason;
  /** For people; free of secrets. */
  readonly detail: string;
  /** Unix milliseconds. */
  readonly since: number;
}

/** Failures in a row until an endpoint is put aside; a read or send that times out is enough by itself. */
const FAILURES_IN_A_ROW = 3;
/** Rounds in a row that must find the same before an endpoint is put aside for its chain: heads move while one asks. */
const FINDINGS_IN_A_ROW = 2;
/** One probe in so many milliseconds is a burden to nobody, and the only endpoint must not be missed for long. */
const LONGEST_PAUSE_MS = 10_000;
/** In service for this long without being put aside again: earlier trouble is forgotten. */
const TRUSTED_AFTER_MS = 60_000;
/** Weight of the newest probe in the mean latency. */
const NEWEST_WEIGHT = 0.2;

/** What is known about one endpoint, and whether it is in service. Asks nothing itself. */
export class EndpointStanding {
  aside: Aside | null = null;
  /** Number of the newest block that it has shown; null before the first. */
  head: number | null = null;
  /** Mean time that a probe takes, milliseconds; null before the first. */
  latencyMs: number | null = null;
  /** Whether it has ever answered. */
  proven = false;
  /** Whether its chain id has been seen to be the right one. Until then it is put aside at its first failure. */
  verified = false;
  /** Its chain was found to be another one, and has not been found to be the right one since: it has no vote. */
  disowned = false;
  /** Unix milliseconds: put aside, it is not asked again before. */
  askAgainAt = 0;
  private headAskedAt = 0;
  private failures = 0;
  private probes = 0;
  private findings = 0;
  private relapses = 0;
  private readmittedAt = 0;

  /**
   * @param firstPauseMs until an endpoint that was put aside is asked again; doubles with every relapse
   * @param random in [0, 1): spreads the replicas
   */
  constructor(
    private readonly firstPauseMs: number,
    private readonly now: () => number = Date.now,
    private readonly random: () => number = Math.random,
  ) {}

  get inService(): boolean {
    return this.aside === null;
  }

  answered(): void {
    this.failures = 0;
    this.proven = true;
  }

  /** How long a probe took. Only probes are compared: whoever serves the reads has the harder questions. */
  timed(latencyMs: number): void {
    this.probes += 1;
    const weight = Math.max(NEWEST_WEIGHT, 1 / this.probes);
    this.latencyMs = (this.latencyMs ?? 0) * (1 - weight) + latencyMs * weight;
  }

  /** @param askedAt of two answers that overtake each other the one that was asked for later counts, Unix milliseconds */
  showed(head: number, askedAt: number): void {
    if (askedAt < this.headAskedAt) return;
    this.head = head;
    this.headAskedAt = askedAt;
  }

  /** @param grave one such failure is enough */
  failed(failure: RpcFailure, detail: string, grave: boolean): void {
    this.failures += 1;
    if (this.inService && !grave && this.verified && this.failures < FAILURES_IN_A_ROW) return;
    this.putAside(failure === 'http_error' ? 'erring' : 'unreachable', detail);
  }

  throttled(detail: string, retryAfterMs: number | null): void {
    this.putAside('rate_limited', detail);
    if (retryAfterMs !== null) this.leaveAlone(retryAfterMs);
  }

  /** It said itself how long. */
  leaveAlone(ms: number): void {
    this.askAgainAt = Math.max(this.askAgainAt, this.now() + ms);
  }

  /** Its chain was compared with that of the others. */
  found(reason: 'lagging' | 'forked', detail: string): void {
    this.findings += 1;
    if (this.findings >= FINDINGS_IN_A_ROW || !this.inService) this.putAside(reason, detail);
  }

  /** Requests that were under way when it was put aside end after that: they make its pause no longer. */
  putAside(reason: AsideReason, detail: string): void {
    const leftover = this.aside !== null && this.now() < this.askAgainAt;
    if (this.aside !== null) this.relapses += leftover ? 0 : 1;
    else this.relapses = this.now() - this.readmittedAt < TRUSTED_AFTER_MS ? this.relapses + 1 : 0;
    this.aside = { reason, detail, since: this.aside?.since ?? this.now() };
    if (reason === 'forked' || reason === 'wrong_chain') this.disowned = true;
    if (!leftover) this.askAgainAt = this.now() + this.pause();
  }

  /** It answers, on the right chain, and is where the others are. */
  admit(): void {
    this.findings = 0;
    this.failures = 0;
    this.disowned = false;
    this.verified = true;
    if (this.aside === null) return;
    this.aside = null;
    this.readmittedAt = this.now();
  }

  /** Whether something was found that is not confirmed yet. */
  get suspect(): boolean {
    return this.inService && this.findings > 0;
  }

  private pause(): number {
    const grown = this.firstPauseMs * 2 ** Math.min(this.relapses, 20);
    return Math.min(grown, LONGEST_PAUSE_MS) * (0.75 + this.random() / 2);
  }
}
