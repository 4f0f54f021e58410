import { Injectable } from '@nestjs/common';
import { HoldRegistry, ServiceState } from '#core';
import { type ComponentState, ComponentHealth } from './component-states.health.js';

/** What readiness depends on, each as the state of a component. */
@Injectable()
export class ReadinessFacts {
  constructor(
    private readonly dependencies: ComponentHealth,
    private readonly state: ServiceState,
    private readonly holds: HoldRegistry,
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
