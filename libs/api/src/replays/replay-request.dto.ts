import { Type } from 'class-transformer';
import { ArrayMaxSize, ArrayMinSize, IsArray, IsObject, IsString, MaxLength, ValidateNested } from 'class-validator';
import { DeadLetterFilterDto } from '../dead-letters/dead-letter-query.dto.js';
import { Flag, Optional, OptionalNumber, Whole } from '../common/fields.decorator.js';
import { NoteDto } from '../common/note.dto.js';
import { DescribedField } from '../openapi/described.decorator.js';

const MAX_IDS = 1_000;
/** A run remembers the digest of every message that it has replayed: 100,000 are some 10 MB of Redis while it runs. */
const MAX_ENTRIES = 100_000;
const MAX_ID_LENGTH = 200;

/** Body of `POST /dlq/:id/replay`. */
export class ReplayOneDto extends NoteDto {
  @Flag('also when the model has its token already')
  force = false;
}

/** Body of `POST /dlq/replay`: some ids, or a filter, or neither for the oldest of all. */
export class ReplayDto extends ReplayOneDto {
  @Optional()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(MAX_IDS)
  @IsString({ each: true })
  @MaxLength(MAX_ID_LENGTH, { each: true })
  @DescribedField({
    type: 'array',
    items: { type: 'string', maxLength: MAX_ID_LENGTH },
    minItems: 1,
    maxItems: MAX_IDS,
    description: 'the entries, in the order in which they are replayed; excludes `filter`',
    required: false,
  })
  ids?: string[];

  @Optional()
  @IsObject()
  @ValidateNested()
  @Type(() => DeadLetterFilterDto)
  @DescribedField({
    type: () => DeadLetterFilterDto,
    description: 'the oldest that fit; excludes `ids`',
    required: false,
  })
  filter?: DeadLetterFilterDto;

  @Whole({ min: 1, max: MAX_ENTRIES }, 100, 'entries replayed, at most; without meaning for `ids`')
  limit = 100;

  @OptionalNumber({ min: 0.1, max: 1_000 }, 'entries replayed in a second, at most')
  max_per_second?: number;

  @Flag('says what would be replayed, and changes nothing')
  dry_run = false;
}
