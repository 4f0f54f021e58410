import { Injectable } from '@nestjs/common';
import { HealthIndicatorService, type HealthIndicatorResult } from '@nestjs/terminus';
import { HoldRegistry, ServiceState } from '#core';

/** Health of this process: `service` is down before the boot ends and while draining; `worker` is degraded by holds. */
@Injectable()
export class ServiceHealth {
  constructor(
    private readonly state: ServiceState,
    private readonly holds: HoldRegistry,
    private readonly indicators: HealthIndicatorService,
  ) {}

  get ready(): boolean {
    return this.state.current === 'ready';
  }

  checkService(): HealthIndicatorResult {
    const service = this.indicators.check('service');
    const data = { detail: this.state.current };
    return this.ready ? service.up(data) : service.down(data);
  }

  checkWorker(): HealthIndicatorResult {
    const reasons = this.holds.list().map(({ reason }) => reason);
    const worker = this.indicators.check('worker');
    return reasons.length === 0 ? worker.up() : worker.degraded({ detail: `held: ${reasons.join(', ')}` });
  }
}
