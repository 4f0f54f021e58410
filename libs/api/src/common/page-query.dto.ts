import { applyDecorators } from '@nestjs/common';
import { Transform } from 'class-transformer';
import { IsInt, Matches, Max, Min } from 'class-validator';
import { ApiPropertyOptional } from '../openapi/swagger.decorator.js';
import { IsOmittable } from './is-omittable.decorator.js';

const CURSOR = /^[\w.:=+/-]{1,512}$/;
export const DEFAULT_LIMIT = 100;
const MAX_LIMIT = 1_000;

/** `limit` of a list. Default: `DEFAULT_LIMIT`. */
export function PageLimit(): PropertyDecorator {
  return applyDecorators(
    Transform(({ value }: { value: unknown }) => (/^\d{1,9}$/.test(String(value)) ? Number(value) : value)),
    IsInt(),
    Min(1),
    Max(MAX_LIMIT),
    ApiPropertyOptional({
      type: 'integer',
      minimum: 1,
      maximum: MAX_LIMIT,
      default: DEFAULT_LIMIT,
      description: 'maximum entries of a page',
    }),
  );
}

/** `cursor` of a list. Default: the first page. */
export function PageCursor(): PropertyDecorator {
  return applyDecorators(
    IsOmittable(),
    Matches(CURSOR, { message: 'cursor must be the next_cursor of another page' }),
    ApiPropertyOptional({
      type: 'string',
      pattern: CURSOR.source,
      description: '`next_cursor` of the previous page',
    }),
  );
}

/** Query of a list. */
export class PageQuery {
  @PageLimit()
  limit = DEFAULT_LIMIT;

  @PageCursor()
  cursor?: string;
}
