import { Shown, ShownList, ShownObject } from '../openapi/shown.decorator.js';

/** One list of the queue. */
export class QueueDepthDto {
  @Shown('count', 'messages in it')
  readonly messages!: number;
  @Shown('number', 'age of the oldest; null when it is empty or cannot be known', { orNull: true })
  readonly oldest_age_seconds!: number | null;
}

/** The lists, under the names of the integration guide. */
export class QueueDepthsDto {
  @ShownObject(QueueDepthDto, 'waiting')
  readonly main_queue!: QueueDepthDto;
  @ShownObject(QueueDepthDto, 'claimed')
  readonly processing!: QueueDepthDto;
  @ShownObject(QueueDepthDto, 'waiting for a retry')
  readonly delayed!: QueueDepthDto;
  @ShownObject(QueueDepthDto, 'given up')
  readonly dead_letter!: QueueDepthDto;
}

/** One process that holds claimed messages. */
export class WorkerDto {
  @Shown('text', 'name of the process')
  readonly worker!: string;
  @Shown('count', 'messages that it holds')
  readonly in_flight!: number;
  @Shown('number', 'until the first of its leases ends')
  readonly lease_left_seconds!: number;
}

export class QueuesDto {
  @Shown('flag', 'whether claiming is stopped')
  readonly paused!: boolean;
  @ShownObject(QueueDepthsDto, 'depth and age of every list')
  readonly queues!: QueueDepthsDto;
  @ShownList(WorkerDto, 'who holds claimed messages')
  readonly workers!: readonly WorkerDto[];
}

export class PausedDto {
  @Shown('flag', 'true')
  readonly paused!: true;
  @Shown('count', 'after which the pause ends by itself; null: with resume only', { orNull: true })
  readonly ttl_seconds!: number | null;
}

export class ResumedDto {
  @Shown('flag', 'false')
  readonly paused!: false;
}
