import { Injectable, ServiceUnavailableException } from '@nestjs/common';
import { HealthCheckService, type HealthIndicatorResult } from '@nestjs/terminus';
import { Problem } from '../common/problem.js';
import { DependencyHealth } from './dependency.health.js';
import type { ReadyDto } from './health.dto.js';
import { ServiceHealth } from './service.health.js';

/**
 * Ready means booted, not draining, and every required dependency up. Other failures show as degraded: removing the pod
 * from the load balancer repairs no RPC endpoint.
 */
@Injectable()
export class ReadinessService {
  constructor(
    private readonly checks: HealthCheckService,
    private readonly service: ServiceHealth,
    private readonly dependencies: DependencyHealth,
  ) {}

  /** @throws Problem `not-ready` */
  async check(): Promise<ReadyDto> {
    const results = await this.results();
    try {
      const { status, details } = await this.checks.check(results.map((result) => () => result));
      return { status: status === 'ok' ? 'ready' : 'degraded', components: details };
    } catch (error) {
      if (!(error instanceof ServiceUnavailableException)) throw error;
      const response = error.getResponse();
      const components = typeof response === 'object' && 'details' in response ? response.details : {};
      throw new Problem('not-ready', { members: { components } });
    }
  }

  /** Asks no dependency before the boot ends or while draining. */
  private async results(): Promise<readonly HealthIndicatorResult[]> {
    const service = this.service.checkService();
    return this.service.ready ? [service, this.service.checkWorker(), ...(await this.dependencies.check())] : [service];
  }
}
