import { IndicatedDto } from '../health/health.dto.js';
import { ApiProperty, ApiPropertyOptional, getSchemaPath } from './swagger.decorator.js';

/** A field that does not fit. */
export class FieldErrorDto {
  @ApiProperty({ type: 'string', description: 'path of the field' })
  readonly field!: string;
  @ApiProperty({ type: 'string', isArray: true, description: 'what it must be' })
  readonly expectations!: readonly string[];
}

/** Every answer that is not the one the client asked for (RFC 9457). */
export class ProblemDto {
  @ApiProperty({ type: 'string', description: 'the kind of problem: the stable part' })
  readonly type!: string;
  @ApiProperty({ type: 'string', description: 'title of the kind of problem' })
  readonly title!: string;
  @ApiProperty({ type: 'integer', minimum: 0, description: 'status of the answer' })
  readonly status!: number;
  @ApiPropertyOptional({ type: 'string', description: 'human-readable detail' })
  readonly detail?: string;
  @ApiProperty({ type: 'string', description: 'as in the header `X-Request-Id` and in every log line of the request' })
  readonly request_id!: string;
  @ApiPropertyOptional({ type: [FieldErrorDto], description: 'of `invalid-request`: the fields that do not fit' })
  readonly errors?: readonly FieldErrorDto[];
  @ApiPropertyOptional({ type: 'string', description: 'of `replay-running`: path of the replay that runs' })
  readonly replay?: string;
  @ApiPropertyOptional({
    type: 'object',
    additionalProperties: { $ref: getSchemaPath(IndicatedDto) },
    description: 'of `not-ready`: the service and its dependencies, by name',
  })
  readonly components?: Readonly<Record<string, IndicatedDto>>;
}
