import { Injectable, Logger } from '@nestjs/common';
import { Holds, MessageQueue, ServiceState } from '#core';
import { OpsSettings } from '../ops-settings.js';
import { ComponentStates } from './component-states.js';
import { withTimeout } from './with-timeout.js';

const DEPTHS_TIMEOUT_MS = 2000;

export interface QueueStats {
  readonly main_queue: number;
  readonly processing: number;
  readonly dead_letter: number;
  readonly delayed: number;
}

export interface HealthBody {
  readonly status: 'healthy' | 'unhealthy';
  /** Null when Redis does not say. */
  readonly queue_stats: QueueStats | null;
  readonly service: string;
  readonly version: string;
  readonly phase: ServiceState['current'];
  readonly components: Readonly<Record<string, { readonly status: string; readonly detail: string | null }>>;
  readonly holds: readonly { readonly reason: string; readonly since: string; readonly detail: string }[];
}

/** The integration guide's health body, and beside it how the components are and what holds work back. */
@Injectable()
export class HealthReport {
  constructor(
    private readonly situation: Situation,
    private readonly queueStats: QueueStatsReader,
    private readonly settings: OpsSettings,
  ) {}

  async write(): Promise<HealthBody> {
    const [queue_stats, situation] = await Promise.all([this.queueStats.read(), this.situation.describe()]);
    const { requiredDown, ...described } = situation;
    return {
      status: queue_stats === null || requiredDown ? 'unhealthy' : 'healthy',
      queue_stats,
      service: this.settings.serviceName,
      version: this.settings.version,
      ...described,
    };
  }
}

@Injectable()
export class QueueStatsReader {
  private readonly logger = new Logger(QueueStatsReader.name);

  constructor(private readonly queue: MessageQueue) {}

  async read(): Promise<QueueStats | null> {
    try {
      const { main, processing, deadLetter, delayed } = await withTimeout(this.queue.depths(), DEPTHS_TIMEOUT_MS);
      return {
        main_queue: main.messages,
        processing: processing.messages,
        dead_letter: deadLetter.messages,
        delayed: delayed.messages,
      };
    } catch (error) {
      this.logger.warn({ message: 'queue depths could not be read', error });
      return null;
    }
  }
}

/** Phase of the process, dependencies and holds, as a client may see them. */
@Injectable()
export class Situation {
  constructor(
    private readonly components: ComponentStates,
    private readonly state: ServiceState,
    private readonly holds: Holds,
  ) {}

  async describe(): Promise<Pick<HealthBody, 'phase' | 'components' | 'holds'> & { readonly requiredDown: boolean }> {
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
