import { Injectable, ServiceUnavailableException } from '@nestjs/common';
import { HealthCheckService, type HealthIndicatorResult } from '@nestjs/terminus';
import { Problem } from '../common/problem.js';
import type { ComponentState } from './component-states.health.js';
import type { ReadyDto } from './health.dto.js';
import { ReadinessFacts } from './readiness-facts.js';

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

  /** @throws ConfigProblem `not-ready` */
  async check(): Promise<ReadyDto> {
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

function indicated({ name, status, detail }: ComponentState): HealthIndicatorResult {
  return { [name]: { status, ...(detail === null ? {} : { detail }) } };
}

function componentsIn(error: ServiceUnavailableException): unknown {
  const response = error.getResponse();
  return typeof response === 'object' && 'details' in response ? response.details : {};
}
