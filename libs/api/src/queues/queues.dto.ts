import { ApiProperty } from '../openapi/swagger.decorator.js';

/** One list of the queue. */
export class QueueDepthDto {
  @ApiProperty({ type: 'integer', minimum: 0, description: 'messages in it' })
  readonly messages!: number;
  @ApiProperty({
    type: 'number',
    nullable: true,
    description: 'age of the oldest; null when it is empty or cannot be known',
  })
  readonly oldest_age_seconds!: number | null;
}

/** The lists, under the names of the integration guide. */
export class QueueDepthsDto {
  @ApiProperty({ type: QueueDepthDto, description: 'waiting' })
  readonly main_queue!: QueueDepthDto;
  @ApiProperty({ type: QueueDepthDto, description: 'claimed' })
  readonly processing!: QueueDepthDto;
  @ApiProperty({ type: QueueDepthDto, description: 'waiting for a retry' })
  readonly delayed!: QueueDepthDto;
  @ApiProperty({ type: QueueDepthDto, description: 'given up' })
  readonly dead_letter!: QueueDepthDto;
}

/** One process that holds claimed messages. */
export class WorkerDto {
  @ApiProperty({ type: 'string', description: 'name of the process' })
  readonly worker!: string;
  @ApiProperty({ type: 'integer', minimum: 0, description: 'messages that it holds' })
  readonly in_flight!: number;
  @ApiProperty({ type: 'number', description: 'until the first of its leases ends' })
  readonly lease_left_seconds!: number;
}

export class QueuesDto {
  @ApiProperty({ type: 'boolean', description: 'whether claiming is stopped' })
  readonly paused!: boolean;
  @ApiProperty({ type: QueueDepthsDto, description: 'depth and age of every list' })
  readonly queues!: QueueDepthsDto;
  @ApiProperty({ type: [WorkerDto], description: 'who holds claimed messages' })
  readonly workers!: readonly WorkerDto[];
}

export class PausedDto {
  @ApiProperty({ type: 'boolean', description: 'true' })
  readonly paused!: true;
  @ApiProperty({
    type: 'integer',
    minimum: 0,
    nullable: true,
    description: 'after which the pause ends by itself; null: with resume only',
  })
  readonly ttl_seconds!: number | null;
  @ApiProperty({ type: 'string', description: 'when the pause ends; human-readable' })
  readonly detail!: string;
}

export class ResumedDto {
  @ApiProperty({ type: 'boolean', description: 'false' })
  readonly paused!: false;
}
