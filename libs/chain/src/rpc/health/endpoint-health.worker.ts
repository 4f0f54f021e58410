import { PollingLoop, sleep } from '#core';
import type { EndpointHealthCheck } from './endpoint-health-check.js';
import type { PooledEndpoint } from '../pool/pooled-endpoint.js';
import type { ReadEndpointSelector } from '../pool/read-endpoint-selector.js';

/** Maximum delay of the probe of an excluded endpoint. */
const TICK_MS = 1_000;

/**
 * Compares the endpoints in the background, so that callers do not wait for it. Probes a single endpoint only while it is
 * excluded: there is no other to compare it with.
 */
export class EndpointHealthWorker {
  private readonly loop = new PollingLoop((signal) => this.tick(signal));
  private comparedAt = -Infinity;

  constructor(
    private readonly members: readonly PooledEndpoint[],
    private readonly healthCheck: EndpointHealthCheck,
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

  /** Compares early while a mismatch waits for confirmation. */
  private compareNow(): boolean {
    return performance.now() - this.comparedAt >= this.intervalMs || this.members.some(({ health }) => health.suspect);
  }

  private async compare(): Promise<void> {
    this.comparedAt = performance.now();
    await this.healthCheck.compareAll(this.members.filter(isCompared), this.route.serving);
    this.route.improve();
    await this.healthCheck.advanceCheckpoint(this.route.serving);
  }

  private async probeExcluded(): Promise<void> {
    const due = this.members.filter((member) => !member.health.inService && isDue(member));
    if (due.length > 0) await this.healthCheck.compareAll(due, null);
  }
}

/** Endpoints that are excluded for their chain take part in every comparison. */
function isCompared(member: PooledEndpoint): boolean {
  const reason = member.health.exclusion?.reason;
  return reason === undefined || reason === 'lagging' || reason === 'forked' || isDue(member);
}

function isDue({ health }: PooledEndpoint): boolean {
  return performance.now() >= health.nextProbeAt;
}
