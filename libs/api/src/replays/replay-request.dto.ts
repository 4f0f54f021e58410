import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsBoolean,
  IsInt,
  IsNumber,
  IsObject,
  IsString,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import { DeadLetterFilterDto } from '../dead-letters/dead-letter-query.dto.js';
import { NoteDto } from '../common/note.dto.js';
import { ApiPropertyOptional } from '../openapi/swagger.decorator.js';
import { IsOmittable } from '../common/is-omittable.decorator.js';

const MAX_IDS = 1_000;
/** A run remembers the digest of every message that it has replayed: 100,000 are some 10 MB of Redis while it runs. */
const MAX_ENTRIES = 100_000;
const MAX_ID_LENGTH = 200;

/** Body of `POST /dlq/:id/replay`. */
export class ReplayOneDto extends NoteDto {
  @IsBoolean()
  @ApiPropertyOptional({ type: 'boolean', default: false, description: 'also when the model has its token already' })
  force = false;
}

/** Body of `POST /dlq/replay`: some ids, or a filter, or neither for the oldest of all. */
export class ReplayDto extends ReplayOneDto {
  @IsOmittable()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(MAX_IDS)
  @IsString({ each: true })
  @MaxLength(MAX_ID_LENGTH, { each: true })
  @ApiPropertyOptional({
    type: 'array',
    items: { type: 'string', maxLength: MAX_ID_LENGTH },
    minItems: 1,
    maxItems: MAX_IDS,
    description: 'the entries, in the order in which they are replayed; excludes `filter`',
  })
  ids?: string[];

  @IsOmittable()
  @IsObject()
  @ValidateNested()
  @Type(() => DeadLetterFilterDto)
  @ApiPropertyOptional({
    type: () => DeadLetterFilterDto,
    description: 'the oldest that fit; excludes `ids`',
  })
  filter?: DeadLetterFilterDto;

  @IsInt()
  @Min(1)
  @Max(MAX_ENTRIES)
  @ApiPropertyOptional({
    type: 'integer',
    minimum: 1,
    maximum: MAX_ENTRIES,
    default: 100,
    description: 'entries replayed, at most; without meaning for `ids`',
  })
  limit = 100;

  @IsOmittable()
  @IsNumber()
  @Min(0.1)
  @Max(1_000)
  @ApiPropertyOptional({
    type: 'number',
    minimum: 0.1,
    maximum: 1_000,
    description: 'entries replayed in a second, at most',
  })
  max_per_second?: number;

  @IsBoolean()
  @ApiPropertyOptional({
    type: 'boolean',
    default: false,
    description: 'says what would be replayed, and changes nothing',
  })
  dry_run = false;
}
