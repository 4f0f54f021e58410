import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsBoolean,
  IsInt,
  IsObject,
  IsOptional,
  IsString,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import { DeadLetterFilterBody } from './dead-letter-filter.js';

/** Most entries of one replay: the client waits for the answer. */
const MOST_ENTRIES = 1000;

/** Body of `POST /dlq/:id/replay`. */
export class ReplayOneBody {
  /** Why: goes into the audit record. */
  @IsOptional()
  @IsString()
  @MaxLength(1000)
  note?: string;
}

/** Body of `POST /dlq/replay`: some ids, or a filter, or neither for the oldest of all. */
export class ReplayBody extends ReplayOneBody {
  @IsOptional()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(MOST_ENTRIES)
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

  /** Says what would be replayed, and changes nothing. */
  @IsBoolean()
  dry_run = false;
}
