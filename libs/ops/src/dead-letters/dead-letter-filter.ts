import { IsISO8601, IsOptional, IsString, MaxLength } from 'class-validator';
import type { DeadLetterFilter } from '#core';
import { PageQuery } from '../http/page-query.js';

/** Which dead letters; all of them when empty. */
export class DeadLetterQuery extends PageQuery {
  @IsOptional()
  @IsString()
  @MaxLength(100)
  reason?: string;

  @IsOptional()
  @IsString()
  @MaxLength(1000)
  model_id?: string;

  @IsOptional()
  @IsISO8601({ strict: true })
  failed_before?: string;

  @IsOptional()
  @IsISO8601({ strict: true })
  failed_after?: string;
}

/** Which dead letters, in the body of a replay. */
export class DeadLetterFilterBody {
  @IsOptional()
  @IsString()
  @MaxLength(100)
  reason?: string;

  @IsOptional()
  @IsString()
  @MaxLength(1000)
  model_id?: string;

  @IsOptional()
  @IsISO8601({ strict: true })
  failed_before?: string;

  @IsOptional()
  @IsISO8601({ strict: true })
  failed_after?: string;
}

export function filterOf({ reason, model_id, failed_before, failed_after }: DeadLetterFilterBody): DeadLetterFilter {
  return {
    ...(reason === undefined ? {} : { reason }),
    ...(model_id === undefined ? {} : { modelId: model_id }),
    ...(failed_before === undefined ? {} : { failedBefore: instantOf(failed_before) }),
    ...(failed_after === undefined ? {} : { failedAfter: instantOf(failed_after) }),
  };
}

/** Unix milliseconds. A time without offset is UTC, as in the entries themselves; JavaScript would take it for local. */
function instantOf(iso: string): number {
  return Date.parse(/T[\d:.]+$/.test(iso) ? `${iso}Z` : iso);
}
