import { Injectable, ServiceUnavailableException } from '@nestjs/common';
import { HealthCheckService, type HealthIndicatorResult } from '@nestjs/terminus';
import { Holds, ServiceState } from '#core';
import { Problem } from '../http/problem.js';
import { type ComponentState, ComponentStates } from './component-states.js';

export interface ReadyBody {
  readonly status: 'ready' | 'degraded';
  readonly components: HealthIndicatorResult;
}

/**
 * Ready: booted, not draining, every required dependency up. Anything else outside shows as degraded: taking pods out of
 * the service heals no RPC endpoint.
 */
@Injectable()
export class Readiness {
  constructor(
    private readonly checks: HealthCheckService,
    private readonly facts: ReadinessFacts,
  ) {}

  /** @throws Problem `not-ready` */
  async check(): Promise<ReadyBody> {
    const components = await this.facts.components();
    try {
      const result = await this.checks.check(components.map((component) => () => indicated(component)));
      return { status: result.status === 'ok' ? 'ready' : 'degraded', components: result.details };
    } catch (error) {
      if (!(error instanceof ServiceUnavailableException)) throw error;
      throw new Problem('not-ready', { members: { components: componentsIn(error) } });
    }
  }
}

/** What readiness depends on, each as the state of a component. */
@Injectable()
export class ReadinessFacts {
  constructor(
    private readonly dependencies: ComponentStates,
    private readonly state: ServiceState,
    private readonly holds: Holds,
  ) {}

  async components(): Promise<readonly ComponentState[]> {
    const phase = this.state.current;
    // Not booted, or about to end: no need to ask anybody.
    if (phase !== 'ready') return [{ name: 'service', required: true, status: 'down', detail: phase }];
    const held = this.holds.list().map((hold) => hold.reason);
    return [
      { name: 'service', required: true, status: 'up', detail: phase },
      {
        name: 'worker',
        required: false,
        status: held.length > 0 ? 'degraded' : 'up',
        detail: held.length > 0 ? `held: ${held.join(', ')}` : null,
      },
      ...(await this.dependencies.current()),
    ];
  }
}

function indicated({ name, status, detail }: ComponentState): HealthIndicatorResult {
  return { [name]: { status, ...(detail === null ? {} : { detail }) } };
}

function componentsIn(error: ServiceUnavailableException): unknown {
  const response = error.getResponse();
  return typeof response === 'object' && 'details' in response ? response.details : {};
}
