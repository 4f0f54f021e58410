import type { MonotonicHead } from './monotonic-head.js';
import type { EndpointHealthCheck } from '../health/endpoint-health-check.js';
import { pickEndpoint, rankEndpoints } from './endpoint-ranking.js';
import type { PooledEndpoint } from './pooled-endpoint.js';

/** Decides which endpoint a read goes to. */
export class ReadEndpointSelector {
  private current: PooledEndpoint;

  constructor(
    private readonly members: readonly PooledEndpoint[],
    first: PooledEndpoint,
    private readonly acted: MonotonicHead,
    private readonly survey: EndpointHealthCheck,
  ) {
    this.current = first;
  }

  /** The endpoint that reads come from as long as it answers. */
  get serving(): PooledEndpoint {
    return this.current;
  }

  /** Moves to an endpoint that is clearly better; for times when nobody waits. */
  improve(): void {
    const ready = this.members.filter((member) => this.ready(member));
    this.current = pickEndpoint(ready, this.current) ?? this.current;
  }

  /**
   * Whom to ask: an endpoint in service that has seen the block that the callers act on. One that was put aside is
   * looked at again when nobody else is left. Null when there is nobody. Never throws.
   *
   * @param tried are not asked again
   */
  async next(tried: ReadonlySet<PooledEndpoint>): Promise<PooledEndpoint | null> {
    if (!tried.has(this.current) && this.ready(this.current)) return this.current;
    const serving = this.members.filter((member) => member.standing.inService);
    const found =
      (await this.firstReady(serving, tried)) ??
      (await this.firstBack(serving.length === 0, tried)) ??
      this.afterRollback(tried);
    if (found !== null) this.current = found;
    return found;
  }

  private ready(member: PooledEndpoint): boolean {
    return member.standing.inService && this.acted.isReachedBy(member.head);
  }

  /** One that is not known to have seen the block is looked at first: its head may be old news. */
  private async firstReady(
    serving: readonly PooledEndpoint[],
    tried: ReadonlySet<PooledEndpoint>,
  ): Promise<PooledEndpoint | null> {
    for (const member of rankEndpoints(serving)) {
      if (tried.has(member)) continue;
      if (!this.ready(member)) await this.survey.checkNow(member);
      if (this.ready(member)) return member;
    }
    return null;
  }

  /** @param nobodyElse then those that are aside are not spared, except for those that asked to be left alone */
  private async firstBack(nobodyElse: boolean, tried: ReadonlySet<PooledEndpoint>): Promise<PooledEndpoint | null> {
    const aside = this.members.filter((member) => !member.standing.inService && !tried.has(member));
    const due = aside.filter(({ standing }) => {
      const spared = !nobodyElse || standing.exclusion?.reason === 'rate_limited';
      return !spared || performance.now() >= standing.nextProbeAt;
    });
    await Promise.all(due.map((member) => this.survey.checkNow(member)));
    return rankEndpoints(due.filter((member) => this.ready(member)))[0] ?? null;
  }

  /** Nobody has shown the block for so long that the best of the others is believed. */
  private afterRollback(tried: ReadonlySet<PooledEndpoint>): PooledEndpoint | null {
    if (!this.acted.isStale) return null;
    const [best] = rankEndpoints(this.members.filter(({ standing }) => standing.inService));
    if (best === undefined || tried.has(best) || best.head === null) return null;
    this.acted.rollBack({ number: best.head, timestamp: this.acted.block?.timestamp ?? 0 }, best);
    return best;
  }
}
