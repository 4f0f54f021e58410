import { Shown, ShownList, ShownObject } from '../openapi/shown.js';

/** One list of the queue. */
export class QueueDepthBody {
  @Shown('count', 'messages in it')
  readonly messages!: number;
  @Shown('number', 'age of the oldest; null when it is empty or cannot be known', { orNull: true })
  readonly oldest_age_seconds!: number | null;
}

/** The lists, under the names of the integration guide. */
export class QueueDepthsBody {
  @ShownObject(QueueDepthBody, 'waiting')
  readonly main_queue!: QueueDepthBody;
  @ShownObject(QueueDepthBody, 'claimed')
  readonly processing!: QueueDepthBody;
  @ShownObject(QueueDepthBody, 'waiting for a retry')
  readonly delayed!: QueueDepthBody;
  @ShownObject(QueueDepthBody, 'given up')
  readonly dead_letter!: QueueDepthBody;
}

/** One process that holds claimed messages. */
export class WorkerBody {
  @Shown('text', 'name of the process')
  readonly worker!: string;
  @Shown('count', 'messages that it holds')
  readonly in_flight!: number;
  @Shown('number', 'until the first of its leases ends')
  readonly lease_left_seconds!: number;
}

export class QueuesBody {
  @Shown('flag', 'whether claiming is stopped')
  readonly paused!: boolean;
  @ShownObject(QueueDepthsBody, 'depth and age of every list')
  readonly queues!: QueueDepthsBody;
  @ShownList(WorkerBody, 'who holds claimed messages')
  readonly workers!: readonly WorkerBody[];
}

export class PausedBody {
  @Shown('flag', 'true')
  readonly paused!: true;
  @Shown('count', 'after which the pause ends by itself; null: with resume only', { orNull: true })
  readonly ttl_seconds!: number | null;
}

export class ResumedBody {
  @Shown('flag', 'false')
  readonly paused!: false;
}
