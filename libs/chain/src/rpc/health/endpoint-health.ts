import type { RpcFailure } from '../rpc.errors.js';

/**
 * Why an endpoint is not used.
 *
 * - `unreachable`: it does not answer in time, or not at all
 * - `erring`: it answers, but with HTTP errors, with faults of its own, or with what cannot be read
 * - `rate_limited`: it asked to be left alone for a while
 * - `lagging`: its head is too far behind the best one
 * - `forked`: a settled block of its chain is not the block that the others have
 * - `wrong_chain`: it serves another chain id
 */
export type ExclusionReason = 'unreachable' | 'erring' | 'rate_limited' | 'lagging' | 'forked' | 'wrong_chain';

export interface Exclusion {
  readonly reason: ExclusionReason;
  /** For people; free of secrets. */
  readonly detail: string;
  /** Monotonic milliseconds. */
  readonly since: number;
}

/** Failures in a row until an endpoint is put aside; a read or send that times out is enough by itself. */
const FAILURES_IN_A_ROW = 3;
/** Rounds in a row that must find the same before an endpoint is put aside for its chain: heads move while one asks. */
const FINDINGS_IN_A_ROW = 2;
/** One probe in so many milliseconds is a burden to nobody, and the only endpoint must not be missed for long. */
const MAX_BACKOFF_MS = 10_000;
/** In service for this long without being put aside again: earlier trouble is forgotten. */
const TRUSTED_AFTER_MS = 60_000;
/** Weight of the newest probe in the mean latency. */
const NEWEST_WEIGHT = 0.2;

/** What is known about one endpoint, and whether it is in service. Asks nothing itself. */
export class EndpointHealth {
  exclusion: Exclusion | null = null;
  /** Number of the newest block that it has shown; null before the first. */
  head: number | null = null;
  /** Mean time that a probe takes, milliseconds; null before the first. */
  latencyMs: number | null = null;
  /** Whether it has ever answered. */
  proven = false;
  /** Whether its chain id has been seen to be the right one. Until then it is put aside at its first failure. */
  verified = false;
  /** Its chain was found to be another one, and has not been found to be the right one since: it has no vote. */
  chainMismatch = false;
  /** Monotonic milliseconds: put aside, it is not asked again before. */
  nextProbeAt = 0;
  private headAskedAt = 0;
  private failures = 0;
  private probes = 0;
  private findings = 0;
  private repeatExclusions = 0;
  private readmittedAt = -Infinity;

  /**
   * @param firstPauseMs until an endpoint that was put aside is asked again; doubles with every relapse
   * @param random in [0, 1): spreads the replicas
   */
  constructor(
    private readonly firstPauseMs: number,
    private readonly now: () => number = () => performance.now(),
    private readonly random: () => number = Math.random,
  ) {}

  get inService(): boolean {
    return this.exclusion === null;
  }

  recordSuccess(): void {
    this.failures = 0;
    this.proven = true;
  }

  /** How long a probe took. Only probes are compared: whoever serves the reads has the harder questions. */
  recordLatency(latencyMs: number): void {
    this.probes += 1;
    const weight = Math.max(NEWEST_WEIGHT, 1 / this.probes);
    this.latencyMs = (this.latencyMs ?? 0) * (1 - weight) + latencyMs * weight;
  }

  /** @param askedAt of two answers that overtake each other the one that was asked for later counts, monotonic ms */
  reportHead(head: number, askedAt: number): void {
    if (askedAt < this.headAskedAt) return;
    this.head = head;
    this.headAskedAt = askedAt;
  }

  /** @param grave one such failure is enough */
  recordFailure(failure: RpcFailure, detail: string, grave: boolean): void {
    this.failures += 1;
    if (this.inService && !grave && this.verified && this.failures < FAILURES_IN_A_ROW) return;
    this.exclude(failure === 'http_error' || failure === 'unreadable' ? 'erring' : 'unreachable', detail);
  }

  recordThrottle(detail: string, retryAfterMs: number | null): void {
    this.exclude('rate_limited', detail);
    if (retryAfterMs !== null) this.backOff(retryAfterMs);
  }

  /** It said itself how long. */
  backOff(ms: number): void {
    this.nextProbeAt = Math.max(this.nextProbeAt, this.now() + ms);
  }

  /** Its chain was compared with that of the others. */
  reportMismatch(reason: 'lagging' | 'forked', detail: string): void {
    this.findings += 1;
    if (this.findings >= FINDINGS_IN_A_ROW || !this.inService) this.exclude(reason, detail);
  }

  /** Requests that were under way when it was put aside end after that: they make its pause no longer. */
  exclude(reason: ExclusionReason, detail: string): void {
    const leftover = this.exclusion !== null && this.now() < this.nextProbeAt;
    if (this.exclusion !== null) this.repeatExclusions += leftover ? 0 : 1;
    else this.repeatExclusions = this.now() - this.readmittedAt < TRUSTED_AFTER_MS ? this.repeatExclusions + 1 : 0;
    this.exclusion = { reason, detail, since: this.exclusion?.since ?? this.now() };
    if (reason === 'forked' || reason === 'wrong_chain') this.chainMismatch = true;
    if (!leftover) this.nextProbeAt = this.now() + this.backoffMs();
  }

  /** It answers, on the right chain, and is where the others are. */
  readmit(): void {
    this.findings = 0;
    this.failures = 0;
    this.chainMismatch = false;
    this.verified = true;
    if (this.exclusion === null) return;
    this.exclusion = null;
    this.readmittedAt = this.now();
  }

  /** Whether something was found that is not confirmed yet. */
  get suspect(): boolean {
    return this.inService && this.findings > 0;
  }

  private backoffMs(): number {
    const grown = this.firstPauseMs * 2 ** Math.min(this.repeatExclusions, 20);
    return Math.min(grown, MAX_BACKOFF_MS) * (0.75 + this.random() / 2);
  }
}
