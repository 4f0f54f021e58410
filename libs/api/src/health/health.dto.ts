import { HoldDto } from '../holds/hold.dto.js';
import { ApiProperty, ApiPropertyOptional, getSchemaPath } from '../openapi/swagger.decorator.js';

const PHASES = ['starting', 'ready', 'draining'];
const STATUSES = ['up', 'degraded', 'down'];

export class LiveDto {
  @ApiProperty({ type: 'string', enum: ['alive'], description: 'the event loop answers and the worker loop turns' })
  readonly status!: 'alive';
}

/** One dependency, or the service itself. */
export class IndicatedDto {
  @ApiProperty({ type: 'string', enum: [...STATUSES], description: 'how it is' })
  readonly status!: string;
  @ApiPropertyOptional({ type: 'string', description: 'human-readable detail' })
  readonly detail?: string;
}

export class ReadyDto {
  @ApiProperty({
    type: 'string',
    enum: ['ready', 'degraded'],
    description: '`degraded`: a component is degraded; the process still serves',
  })
  readonly status!: 'ready' | 'degraded';
  @ApiProperty({
    type: 'object',
    additionalProperties: { $ref: getSchemaPath(IndicatedDto) },
    description: 'the service and its dependencies, by name',
  })
  readonly components!: Readonly<Record<string, IndicatedDto>>;
}

/** Messages by list, under the names of the integration guide. */
export class QueueStatsDto {
  @ApiProperty({ type: 'integer', minimum: 0, description: 'waiting' })
  readonly main_queue!: number;
  @ApiProperty({ type: 'integer', minimum: 0, description: 'claimed' })
  readonly processing!: number;
  @ApiProperty({ type: 'integer', minimum: 0, description: 'given up' })
  readonly dead_letter!: number;
  @ApiProperty({ type: 'integer', minimum: 0, description: 'waiting for a retry' })
  readonly delayed!: number;
}

export class ComponentDto {
  @ApiProperty({ type: 'string', enum: [...STATUSES], description: 'how it is' })
  readonly status!: string;
  @ApiProperty({ type: 'string', nullable: true, description: 'human-readable detail' })
  readonly detail!: string | null;
}

export class HealthDto {
  @ApiProperty({
    type: 'string',
    enum: ['healthy', 'degraded', 'unhealthy'],
    description: '`degraded`: a hold is set or a component is not up; `unhealthy`: Redis does not answer',
  })
  readonly status!: 'healthy' | 'degraded' | 'unhealthy';
  @ApiProperty({ type: QueueStatsDto, nullable: true, description: 'messages by list; null when Redis does not say' })
  readonly queue_stats!: QueueStatsDto | null;
  @ApiProperty({ type: 'string', description: 'name of the service' })
  readonly service!: string;
  @ApiProperty({ type: 'string', description: 'of the running build' })
  readonly version!: string;
  @ApiProperty({ type: 'string', enum: [...PHASES], description: 'where the process stands' })
  readonly phase!: string;
  @ApiProperty({
    type: 'object',
    additionalProperties: { $ref: getSchemaPath(ComponentDto) },
    description: 'the dependencies, by name',
  })
  readonly components!: Readonly<Record<string, ComponentDto>>;
  @ApiProperty({ type: [HoldDto], description: 'conditions that block processing, of all replicas' })
  readonly holds!: readonly HoldDto[];
}
