import type { DeadLetterFilter } from '#core';
import { PageCursor, PageLimit, DEFAULT_LIMIT } from '../common/page-query.dto.js';
import { IsISO8601, IsString, Length } from 'class-validator';
import { ApiPropertyOptional } from '../openapi/swagger.decorator.js';
import { IsOmittable } from '../common/is-omittable.decorator.js';

/** Which dead letters; all of them when empty. */
export class DeadLetterFilterDto {
  @IsOmittable()
  @IsString()
  @Length(0, 100)
  @ApiPropertyOptional({ type: 'string', maxLength: 100, description: 'only entries with this reason' })
  reason?: string;

  @IsOmittable()
  @IsString()
  @Length(0, 1_000)
  @ApiPropertyOptional({ type: 'string', maxLength: 1_000, description: 'only entries of this model' })
  model_id?: string;

  @IsOmittable()
  @IsISO8601({ strict: true })
  @ApiPropertyOptional({
    type: 'string',
    description: 'only entries that failed earlier; ISO 8601, UTC unless it says otherwise',
    example: '2026-03-01T12:00:00Z',
  })
  failed_before?: string;

  @IsOmittable()
  @IsISO8601({ strict: true })
  @ApiPropertyOptional({
    type: 'string',
    description: 'only entries that failed then or later; ISO 8601, UTC unless it says otherwise',
    example: '2026-03-01T12:00:00Z',
  })
  failed_after?: string;
}

/** One page of those that fit. */
export class DeadLetterQuery extends DeadLetterFilterDto {
  @PageLimit()
  limit = DEFAULT_LIMIT;

  @PageCursor()
  cursor?: string;
}

export function filterOf({ reason, model_id, failed_before, failed_after }: DeadLetterFilterDto): DeadLetterFilter {
  return {
    ...(reason === undefined ? {} : { reason }),
    ...(model_id === undefined ? {} : { modelId: model_id }),
    ...(failed_before === undefined ? {} : { failedBefore: toUnixMs(failed_before) }),
    ...(failed_after === undefined ? {} : { failedAfter: toUnixMs(failed_after) }),
  };
}

/** Unix milliseconds. A time without offset is UTC, as in the entries themselves; JavaScript would take it for local. */
function toUnixMs(iso: string): number {
  return Date.parse(/T[\d:.]+$/.test(iso) ? `${iso}Z` : iso);
}
