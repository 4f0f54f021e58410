import { Type } from 'class-transformer';
import { ArrayMaxSize, ArrayMinSize, IsArray, IsObject, IsString, MaxLength, ValidateNested } from 'class-validator';
import { DeadLetterFilterBody } from '../dead-letters/dead-letter-filter.js';
import { Flag, Optional, OptionalNumber, Whole } from '../http/fields.js';
import { NoteBody } from '../http/note.js';
import { DescribedField } from '../openapi/described.js';

const MOST_IDS = 1_000;
/** A run remembers the digest of every message that it has replayed: 100,000 are some 10 MB of Redis while it runs. */
const MOST_ENTRIES = 100_000;
const LONGEST_ID = 200;

/** Body of `POST /dlq/:id/replay`. */
export class ReplayOneBody extends NoteBody {
  @Flag('also when the model has its token already')
  force = false;
}

/** Body of `POST /dlq/replay`: some ids, or a filter, or neither for the oldest of all. */
export class ReplayBody extends ReplayOneBody {
  @Optional()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(MOST_IDS)
  @IsString({ each: true })
  @MaxLength(LONGEST_ID, { each: true })
  @DescribedField({
    type: 'array',
    items: { type: 'string', maxLength: LONGEST_ID },
    minItems: 1,
    maxItems: MOST_IDS,
    description: 'the entries, in the order in which they are replayed; excludes `filter`',
    required: false,
  })
  ids?: string[];

  @Optional()
  @IsObject()
  @ValidateNested()
  @Type(() => DeadLetterFilterBody)
  @DescribedField({
    type: () => DeadLetterFilterBody,
    description: 'the oldest that fit; excludes `ids`',
    required: false,
  })
  filter?: DeadLetterFilterBody;

  @Whole({ min: 1, max: MOST_ENTRIES }, 100, 'entries replayed, at most; without meaning for `ids`')
  limit = 100;

  @OptionalNumber({ min: 0.1, max: 1_000 }, 'entries replayed in a second, at most')
  max_per_second?: number;

  @Flag('says what would be replayed, and changes nothing')
  dry_run = false;
}
