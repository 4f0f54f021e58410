import { Injectable } from '@nestjs/common';
import { HoldRegistry, ServiceState } from '#core';
import { ComponentHealth } from './component-states.health.js';

export interface HealthSnapshot {
  readonly phase: ServiceState['current'];
  readonly components: Readonly<Record<string, { readonly status: string; readonly detail: string | null }>>;
  readonly holds: readonly { readonly reason: string; readonly since: string; readonly detail: string }[];
}

/** Phase of the process, dependencies and holds, as a client may see them. */
@Injectable()
export class HealthSnapshotService {
  constructor(
    private readonly components: ComponentHealth,
    private readonly state: ServiceState,
    private readonly holds: HoldRegistry,
  ) {}

  async describe(): Promise<HealthSnapshot & { readonly requiredDown: boolean }> {
    const states = await this.components.current();
    return {
      requiredDown: states.some(({ required, status }) => required && status === 'down'),
      phase: this.state.current,
      components: Object.fromEntries(states.map(({ name, status, detail }) => [name, { status, detail }])),
      holds: this.holds
        .list()
        .map(({ reason, since, detail }) => ({ reason, since: new Date(since).toISOString(), detail })),
    };
  }
}
