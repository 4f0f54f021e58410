import { IsOptional, IsString, MaxLength } from 'class-validator';
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
}

export function filterOf({ reason, model_id }: DeadLetterFilterBody): DeadLetterFilter {
  return { ...(reason === undefined ? {} : { reason }), ...(model_id === undefined ? {} : { modelId: model_id }) };
}
