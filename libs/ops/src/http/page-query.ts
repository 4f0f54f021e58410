import { ApiProperty } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { Matches } from 'class-validator';
import { Optional, Whole } from './fields.js';

const CURSOR = /^[\w.:=+/-]{1,512}$/;

/** Query of every list. */
export class PageQuery {
  @Transform(({ value }: { value: unknown }) => (/^\d{1,9}$/.test(String(value)) ? Number(value) : value))
  @Whole({ min: 1, max: 1_000 }, 100, 'entries of one page, at most')
  limit = 100;

  @Optional()
  @Matches(CURSOR, { message: 'cursor must be the next_cursor of another page' })
  @ApiProperty({
    type: 'string',
    pattern: CURSOR.source,
    description: '`next_cursor` of the page before',
    required: false,
  })
  cursor?: string;
}
