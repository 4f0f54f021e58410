import { Injectable } from '@nestjs/common';
import type { DependencyProbe, ProbeResult } from '#core';
import { withTimeout } from './with-timeout.js';

const TIMEOUT_MS = 2000;
const CACHE_MS = 5000;

/** Every dependency's probe: what readiness and health look at. */
export class DependencyProbes {
  constructor(readonly all: readonly DependencyProbe[]) {}
}

export interface ComponentState extends ProbeResult {
  readonly name: string;
  readonly required: boolean;
}

/** Asks the probes, at most every five seconds however often it is asked itself. */
@Injectable()
export class ComponentHealth {
  private latest: { readonly askedAt: number; readonly states: Promise<readonly ComponentState[]> } | null = null;

  constructor(private readonly probes: DependencyProbes) {}

  /** Answers within two seconds and does not throw. */
  async current(): Promise<readonly ComponentState[]> {
    if (this.latest === null || Date.now() - this.latest.askedAt >= CACHE_MS) {
      this.latest = { askedAt: Date.now(), states: Promise.all(this.probes.all.map((probe) => stateOf(probe))) };
    }
    return await this.latest.states;
  }
}

async function stateOf(probe: DependencyProbe): Promise<ComponentState> {
  const { name, required } = probe;
  try {
    const { status, detail } = await withTimeout(probe.check(), TIMEOUT_MS);
    return { name, required, detail, status: status === 'down' && !required ? 'degraded' : status };
  } catch {
    // What a probe throws may be a driver's text.
    return { name, required, detail: 'no answer', status: required ? 'down' : 'degraded' };
  }
}
