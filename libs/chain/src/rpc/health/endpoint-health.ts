import type { RpcFailure } from '../rpc.errors.js';

/**
 * Why an endpoint is excluded.
 *
 * - `unreachable`: no answer in time
 * - `erring`: HTTP errors, internal errors or unreadable results
 * - `rate_limited`: the endpoint limits the request rate
 * - `lagging`: its head is too far behind the best one
 * - `forked`: its checkpoint block differs from the agreed one
 * - `wrong_chain`: it serves another chain id
 */
export type ExclusionReason = 'unreachable' | 'erring' | 'rate_limited' | 'lagging' | 'forked' | 'wrong_chain';

export interface Exclusion {
  readonly reason: ExclusionReason;
  /** Human-readable, without secrets. */
  readonly detail: string;
  /** Monotonic milliseconds. */
  readonly since: number;
}

/** Consecutive failures that exclude an endpoint. One timeout of a read or send excludes it at once. */
const FAILURES_IN_A_ROW = 3;
/** Consecutive rounds that must find a mismatch before an exclusion: heads move during a round. */
const MISMATCHES_IN_A_ROW = 2;
/** Maximum time between two probes of an excluded endpoint. Short, as it may be the only one. */
const MAX_BACKOFF_MS = 10_000;
/** Time in service after which earlier exclusions do not count. */
const TRUSTED_AFTER_MS = 60_000;
/** Weight of the latest probe in the mean latency. */
const NEWEST_WEIGHT = 0.2;

/** Health of one endpoint and whether it is in service. Sends no request. */
export class EndpointHealth {
  exclusion: Exclusion | null = null;
  /** Number of its latest block. Null before the first one. */
  head: number | null = null;
  /** Mean duration of a probe in milliseconds. Null before the first one. */
  latencyMs: number | null = null;
  /** Whether it ever answered. */
  proven = false;
  /** Whether its chain id is verified. Before that, the first failure excludes it. */
  verified = false;
  /** Whether its chain differed in the last comparison. It then has no vote. */
  chainMismatch = false;
  /** Monotonic milliseconds of the next probe while it is excluded. */
  nextProbeAt = 0;
  private headAskedAt = 0;
  private failures = 0;
  private probes = 0;
  private mismatches = 0;
  private repeatExclusions = 0;
  private readmittedAt = -Infinity;

  /**
   * @param firstBackoffMs time until the first probe of an excluded endpoint; doubles with every repeated exclusion
   * @param random in [0, 1): spreads the probes of the replicas
   */
  constructor(
    private readonly firstBackoffMs: number,
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

  /** Records the duration of a probe. Requests do not count: the endpoint that serves the reads has the more expensive ones. */
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

  /** @param immediate whether this failure excludes the endpoint at once */
  recordFailure(failure: RpcFailure, detail: string, immediate: boolean): void {
    this.failures += 1;
    if (this.inService && !immediate && this.verified && this.failures < FAILURES_IN_A_ROW) return;
    this.exclude(failure === 'http_error' || failure === 'unreadable' ? 'erring' : 'unreachable', detail);
  }

  recordThrottle(detail: string, retryAfterMs: number | null): void {
    this.exclude('rate_limited', detail);
    if (retryAfterMs !== null) this.backOff(retryAfterMs);
  }

  /** Delays the next probe by at least this time, which the endpoint named. */
  backOff(ms: number): void {
    this.nextProbeAt = Math.max(this.nextProbeAt, this.now() + ms);
  }

  /** Records a mismatch with the chain of the other endpoints. */
  reportMismatch(reason: 'lagging' | 'forked', detail: string): void {
    this.mismatches += 1;
    if (this.mismatches >= MISMATCHES_IN_A_ROW || !this.inService) this.exclude(reason, detail);
  }

  /** Excludes the endpoint. A failure during the backoff does not extend it: its request started before the exclusion. */
  exclude(reason: ExclusionReason, detail: string): void {
    const inBackoff = this.exclusion !== null && this.now() < this.nextProbeAt;
    if (this.exclusion !== null) this.repeatExclusions += inBackoff ? 0 : 1;
    else this.repeatExclusions = this.now() - this.readmittedAt < TRUSTED_AFTER_MS ? this.repeatExclusions + 1 : 0;
    this.exclusion = { reason, detail, since: this.exclusion?.since ?? this.now() };
    if (reason === 'forked' || reason === 'wrong_chain') this.chainMismatch = true;
    if (!inBackoff) this.nextProbeAt = this.now() + this.backoffMs();
  }

  /** Readmits an endpoint that answers, on the right chain and without lag. */
  readmit(): void {
    this.mismatches = 0;
    this.failures = 0;
    this.chainMismatch = false;
    this.verified = true;
    if (this.exclusion === null) return;
    this.exclusion = null;
    this.readmittedAt = this.now();
  }

  /** Whether a mismatch waits for confirmation by the next round. */
  get suspect(): boolean {
    return this.inService && this.mismatches > 0;
  }

  private backoffMs(): number {
    const grown = this.firstBackoffMs * 2 ** Math.min(this.repeatExclusions, 20);
    return Math.min(grown, MAX_BACKOFF_MS) * (0.75 + this.random() / 2);
  }
}
