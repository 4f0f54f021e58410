import type { MonotonicHead } from './monotonic-head.js';
import type { EndpointHealthCheck } from '../health/endpoint-health-check.js';
import { pickEndpoint, rankEndpoints } from './endpoint-ranking.js';
import type { PooledEndpoint } from './pooled-endpoint.js';

/** Selects the endpoint for reads. */
export class ReadEndpointSelector {
  private current: PooledEndpoint;

  constructor(
    private readonly members: readonly PooledEndpoint[],
    first: PooledEndpoint,
    private readonly monotonicHead: MonotonicHead,
    private readonly healthCheck: EndpointHealthCheck,
  ) {
    this.current = first;
  }

  /** The endpoint that serves the reads as long as it answers. */
  get serving(): PooledEndpoint {
    return this.current;
  }

  /** An endpoint besides the serving one that is ready to answer; null when there is none. */
  get other(): PooledEndpoint | null {
    return rankEndpoints(this.members.filter((member) => member !== this.current && this.ready(member)))[0] ?? null;
  }

  /** Moves the reads to an endpoint that is clearly better. */
  improve(): void {
    const ready = this.members.filter((member) => this.ready(member));
    this.current = pickEndpoint(ready, this.current) ?? this.current;
  }

  /**
   * Returns an endpoint in service that has the latest returned block. Probes excluded endpoints when no other is left.
   * Returns null when there is none. Never throws.
   *
   * @param tried endpoints to skip
   */
  async next(tried: ReadonlySet<PooledEndpoint>): Promise<PooledEndpoint | null> {
    if (!tried.has(this.current) && this.ready(this.current)) return this.current;
    const serving = this.members.filter((member) => member.health.inService);
    const found =
      (await this.firstReady(serving, tried)) ??
      (await this.firstReadmitted(serving.length === 0, tried)) ??
      this.afterRollback(tried);
    if (found !== null) this.current = found;
    return found;
  }

  private ready(member: PooledEndpoint): boolean {
    return member.health.inService && this.monotonicHead.isReachedBy(member.head);
  }

  /** Probes an endpoint whose known head is below the block: the head may be outdated. */
  private async firstReady(
    serving: readonly PooledEndpoint[],
    tried: ReadonlySet<PooledEndpoint>,
  ): Promise<PooledEndpoint | null> {
    for (const member of rankEndpoints(serving)) {
      if (tried.has(member)) continue;
      if (!this.ready(member)) await this.healthCheck.checkNow(member);
      if (this.ready(member)) return member;
    }
    return null;
  }

  /** @param noneInService whether to ignore the backoff of excluded endpoints, except of rate-limited ones */
  private async firstReadmitted(
    noneInService: boolean,
    tried: ReadonlySet<PooledEndpoint>,
  ): Promise<PooledEndpoint | null> {
    const excluded = this.members.filter((member) => !member.health.inService && !tried.has(member));
    const due = excluded.filter(({ health }) => {
      const inBackoff = !noneInService || health.exclusion?.reason === 'rate_limited';
      return !inBackoff || performance.now() >= health.nextProbeAt;
    });
    await Promise.all(due.map((member) => this.healthCheck.checkNow(member)));
    return rankEndpoints(due.filter((member) => this.ready(member)))[0] ?? null;
  }

  /** Returns the best endpoint after a rollback when no endpoint has had the block for too long. */
  private afterRollback(tried: ReadonlySet<PooledEndpoint>): PooledEndpoint | null {
    if (!this.monotonicHead.isStale) return null;
    const [best] = rankEndpoints(this.members.filter(({ health }) => health.inService));
    if (best === undefined || tried.has(best) || best.head === null) return null;
    this.monotonicHead.rollBack({ number: best.head, timestamp: this.monotonicHead.block?.timestamp ?? 0 }, best);
    return best;
  }
}
