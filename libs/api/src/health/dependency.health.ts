import { Injectable } from '@nestjs/common';
import { HealthIndicatorService, type HealthIndicatorResult } from '@nestjs/terminus';
import type { DependencyProbe, ProbeResult } from '#core';
import { withTimeout } from './with-timeout.js';

const TIMEOUT_MS = 2_000;
const CACHE_MS = 5_000;

/** The probes of all dependencies. */
export class DependencyProbes {
  constructor(readonly all: readonly DependencyProbe[]) {}
}

export interface DependencyStatus extends ProbeResult {
  readonly name: string;
  readonly required: boolean;
}

/** Runs the probes at most once in five seconds. */
@Injectable()
export class DependencyHealth {
  private cached: { readonly at: number; readonly statuses: Promise<readonly DependencyStatus[]> } | null = null;

  constructor(
    private readonly probes: DependencyProbes,
    private readonly indicators: HealthIndicatorService,
  ) {}

  /** Returns the status of each dependency within two seconds. Never throws. */
  async statuses(): Promise<readonly DependencyStatus[]> {
    if (this.cached === null || performance.now() - this.cached.at >= CACHE_MS) {
      this.cached = {
        at: performance.now(),
        statuses: Promise.all(this.probes.all.map((probe) => probeStatus(probe))),
      };
    }
    return await this.cached.statuses;
  }

  async check(): Promise<readonly HealthIndicatorResult[]> {
    const statuses = await this.statuses();
    return statuses.map(({ name, status, detail }) => {
      const indicator = this.indicators.check(name);
      const data: Record<string, unknown> = detail === null ? {} : { detail };
      if (status === 'up') return indicator.up(data);
      return status === 'degraded' ? indicator.degraded(data) : indicator.down(data);
    });
  }
}

/** An optional dependency is never down, only degraded: a restart would not repair it. */
async function probeStatus(probe: DependencyProbe): Promise<DependencyStatus> {
  const { name, required } = probe;
  try {
    const { status, detail } = await withTimeout(probe.check(), TIMEOUT_MS);
    return { name, required, detail, status: status === 'down' && !required ? 'degraded' : status };
  } catch {
    // The error's text may be a driver's and hold secrets.
    return { name, required, detail: 'no answer', status: required ? 'down' : 'degraded' };
  }
}
