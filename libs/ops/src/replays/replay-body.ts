import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsBoolean,
  IsInt,
  IsNumber,
  IsObject,
  IsOptional,
  IsString,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import { DeadLetterFilterBody } from '../dead-letters/dead-letter-filter.js';
import { NoteBody } from '../http/note.js';

const MOST_IDS = 1_000;
/** A run remembers the digest of every message that it has replayed: 100,000 are some 10 MB of Redis while it runs. */
const MOST_ENTRIES = 100_000;

/** Body of `POST /dlq/:id/replay`. */
export class ReplayOneBody extends NoteBody {
  /** Also when the model has its token already. */
  @IsBoolean()
  force = false;
}

/** Body of `POST /dlq/replay`: some ids, or a filter, or neither for the oldest of all. */
export class ReplayBody extends ReplayOneBody {
  @IsOptional()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(MOST_IDS)
  @IsString({ each: true })
  @MaxLength(200, { each: true })
  ids?: string[];

  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => DeadLetterFilterBody)
  filter?: DeadLetterFilterBody;

  @IsInt()
  @Min(1)
  @Max(MOST_ENTRIES)
  limit = 100;

  /** Entries replayed in a second, at most. */
  @IsOptional()
  @IsNumber()
  @Min(0.1)
  @Max(1000)
  max_per_second?: number;

  /** Says what would be replayed, and changes nothing. */
  @IsBoolean()
  dry_run = false;
}
