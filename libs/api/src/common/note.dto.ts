import { IsString, Length } from 'class-validator';
import { ApiProperty, ApiPropertyOptional } from '../openapi/swagger.decorator.js';
import { IsOmittable } from './is-omittable.decorator.js';

const LONGEST = 1_000;

/** Body of a request that may say why. */
export class NoteDto {
  @IsOmittable()
  @IsString()
  @Length(0, LONGEST)
  @ApiPropertyOptional({ type: 'string', maxLength: LONGEST, description: 'why; goes into the audit record' })
  note?: string;
}

/** Query of a DELETE that must say why: clients and proxies do not all send a body with it (RFC 9110, section 9.3.5). */
export class NoteQuery {
  @IsString()
  @Length(1, LONGEST)
  @ApiProperty({ type: 'string', minLength: 1, maxLength: LONGEST, description: 'why; goes into the audit record' })
  note = '';
}

/** Query of a DELETE that may say why. */
export class OptionalNoteQuery extends NoteDto {}
