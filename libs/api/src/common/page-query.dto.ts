import { applyDecorators } from '@nestjs/common';
import { Transform } from 'class-transformer';
import { Matches } from 'class-validator';
import { DescribedField } from '../openapi/described.decorator.js';
import { Optional, Whole } from './fields.decorator.js';

const CURSOR = /^[\w.:=+/-]{1,512}$/;
export const USUAL_LIMIT = 100;

/** `limit` of a list: `USUAL_LIMIT` when it is left out. */
export function PageLimit(): PropertyDecorator {
  return applyDecorators(
    Transform(({ value }: { value: unknown }) => (/^\d{1,9}$/.test(String(value)) ? Number(value) : value)),
    Whole({ min: 1, max: 1_000 }, USUAL_LIMIT, 'entries of one page, at most'),
  );
}

/** `cursor` of a list: the first page when it is left out. */
export function PageCursor(): PropertyDecorator {
  return applyDecorators(
    Optional(),
    Matches(CURSOR, { message: 'cursor must be the next_cursor of another page' }),
    DescribedField({
      type: 'string',
      pattern: CURSOR.source,
      description: '`next_cursor` of the page before',
      required: false,
    }),
  );
}

/** Query of a list. */
export class PageQuery {
  @PageLimit()
  limit = USUAL_LIMIT;

  @PageCursor()
  cursor?: string;
}
