import { HOLD_REASONS } from '#core';
import { Shown, ShownByName, ShownList, ShownObject } from '../openapi/shown.decorator.js';

const PHASES = ['starting', 'ready', 'draining'];
const STATUSES = ['up', 'degraded', 'down'];

export class LiveDto {
  @Shown('text', 'the event loop answers and the worker loop turns', { oneOf: ['alive'] })
  readonly status!: 'alive';
}

/** One dependency, or the service itself. */
export class IndicatedDto {
  @Shown('text', 'how it is', { oneOf: STATUSES })
  readonly status!: string;
  @Shown('text', 'for people', { optional: true })
  readonly detail?: string;
}

export class ReadyDto {
  @Shown('text', '`degraded`: something outside is not well, which is no reason to take the process out', {
    oneOf: ['ready', 'degraded'],
  })
  readonly status!: 'ready' | 'degraded';
  @ShownByName(IndicatedDto, 'the service and its dependencies, by name')
  readonly components!: Readonly<Record<string, IndicatedDto>>;
}

/** Messages by list, under the names of the integration guide. */
export class QueueStatsDto {
  @Shown('count', 'waiting')
  readonly main_queue!: number;
  @Shown('count', 'claimed')
  readonly processing!: number;
  @Shown('count', 'given up')
  readonly dead_letter!: number;
  @Shown('count', 'waiting for a retry')
  readonly delayed!: number;
}

export class ComponentDto {
  @Shown('text', 'how it is', { oneOf: STATUSES })
  readonly status!: string;
  @Shown('text', 'for people', { orNull: true })
  readonly detail!: string | null;
}

/** A condition that holds work back. */
export class HoldDto {
  @Shown('text', 'what it is', { oneOf: HOLD_REASONS })
  readonly reason!: string;
  @Shown('instant', 'when it began')
  readonly since!: string;
  @Shown('text', 'for people')
  readonly detail!: string;
}

export class HealthDto {
  @Shown('text', 'unhealthy: Redis does not answer', { oneOf: ['healthy', 'unhealthy'] })
  readonly status!: 'healthy' | 'unhealthy';
  @ShownObject(QueueStatsDto, 'messages by list; null when Redis does not say', { orNull: true })
  readonly queue_stats!: QueueStatsDto | null;
  @Shown('text', 'name of the service')
  readonly service!: string;
  @Shown('text', 'of the running build')
  readonly version!: string;
  @Shown('text', 'where the process stands', { oneOf: PHASES })
  readonly phase!: string;
  @ShownByName(ComponentDto, 'the dependencies, by name')
  readonly components!: Readonly<Record<string, ComponentDto>>;
  @ShownList(HoldDto, 'what holds work back')
  readonly holds!: readonly HoldDto[];
}
