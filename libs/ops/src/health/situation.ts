import { Injectable } from '@nestjs/common';
import { Holds, ServiceState } from '#core';
import { ComponentStates } from './component-states.js';

export interface SituationView {
  readonly phase: ServiceState['current'];
  readonly components: Readonly<Record<string, { readonly status: string; readonly detail: string | null }>>;
  readonly holds: readonly { readonly reason: string; readonly since: string; readonly detail: string }[];
}

/** Phase of the process, dependencies and holds, as a client may see them. */
@Injectable()
export class Situation {
  constructor(
    private readonly components: ComponentStates,
    private readonly state: ServiceState,
    private readonly holds: Holds,
  ) {}

  async describe(): Promise<SituationView & { readonly requiredDown: boolean }> {
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
