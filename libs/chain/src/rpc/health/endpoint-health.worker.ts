import { PollingLoop, sleep } from '#core';
import type { EndpointHealthCheck } from './endpoint-health-check.js';
import type { PooledEndpoint } from '../pool/pooled-endpoint.js';
import type { ReadEndpointSelector } from '../pool/read-endpoint-selector.js';

/** An endpoint that was put aside is looked at again at most this much late. */
const TICK_MS = 1_000;

/**
 * Compares the endpoints in the background, so that no caller ever waits for it. A single endpoint is looked at only
 * while it is aside: there is nothing to compare it with.
 */
export class EndpointHealthWorker {
  private readonly loop = new PollingLoop((signal) => this.tick(signal));
  private comparedAt = -Infinity;

  constructor(
    private readonly members: readonly PooledEndpoint[],
    private readonly survey: EndpointHealthCheck,
    private readonly route: ReadEndpointSelector,
    private readonly intervalMs: number,
  ) {}

  start(): void {
    this.loop.start();
  }

  async stop(): Promise<void> {
    await this.loop.stop();
  }

  private async tick(signal: AbortSignal): Promise<void> {
    if (this.members.length > 1 && this.compareNow()) await this.compare();
    else await this.probeExcluded();
    await sleep(Math.min(TICK_MS, this.intervalMs), signal);
  }

  /** Something that was found once is looked at again soon. */
  private compareNow(): boolean {
    return (
      performance.now() - this.comparedAt >= this.intervalMs || this.members.some(({ standing }) => standing.suspect)
    );
  }

  private async compare(): Promise<void> {
    this.comparedAt = performance.now();
    await this.survey.compareAll(this.members.filter(isCompared), this.route.serving);
    this.route.improve();
    await this.survey.settle(this.route.serving);
  }

  private async probeExcluded(): Promise<void> {
    const due = this.members.filter((member) => !member.standing.inService && isDue(member));
    if (due.length > 0) await this.survey.compareAll(due, null);
  }
}

/** Those that are aside for their chain cost nobody anything: they take part in every comparison. */
function isCompared(member: PooledEndpoint): boolean {
  const reason = member.standing.exclusion?.reason;
  return reason === undefined || reason === 'lagging' || reason === 'forked' || isDue(member);
}

function isDue({ standing }: PooledEndpoint): boolean {
  return performance.now() >= standing.nextProbeAt;
}
