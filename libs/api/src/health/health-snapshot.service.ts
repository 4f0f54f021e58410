import { Injectable } from '@nestjs/common';
import { ServiceState } from '#core';
import { DependencyHealth } from './dependency.health.js';

export interface HealthSnapshot {
  readonly phase: ServiceState['current'];
  readonly components: Readonly<Record<string, { readonly status: string; readonly detail: string | null }>>;
}

/** Returns phase and dependencies in the form of the API. */
@Injectable()
export class HealthSnapshotService {
  constructor(
    private readonly dependencies: DependencyHealth,
    private readonly state: ServiceState,
  ) {}

  async describe(): Promise<HealthSnapshot & { readonly requiredDown: boolean }> {
    const statuses = await this.dependencies.statuses();
    return {
      requiredDown: statuses.some(({ required, status }) => required && status === 'down'),
      phase: this.state.current,
      components: Object.fromEntries(statuses.map(({ name, status, detail }) => [name, { status, detail }])),
    };
  }
}
