import { DEAD_LETTER_REASONS, type DeadLetterReason } from '#core';
import { IsArray, IsIn, IsInt, IsString, Matches, MaxLength, Min, ValidateIf } from 'class-validator';
import { TEXT, TIMESTAMP_TEXT, TRANSACTION_HASH } from '../validation/field-expectations.js';
import { must } from '../validation/validators.js';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

const COUNT = must('be a whole number from 0');
const UTC = must('be a time in ISO 8601, in UTC');
const ID = must('be the id that the message has, cut to 255 characters, or null');
const HASHES = must('be the hashes of the transactions signed for the message');

const isNotNull = (_: unknown, value: unknown) => value !== null;

/** What this service writes to the dead letters, beside the original message. */
export class DeadLetterEntry {
  @IsString(TEXT)
  error!: string;

  @Matches(TIMESTAMP_TEXT, UTC)
  failed_at!: string;

  @IsString(must('be the name of the queue'))
  queue!: string;

  @Matches(UUID, must('be a UUID version 4'))
  id!: string;

  @IsIn(DEAD_LETTER_REASONS, must('be a reason for dead letters'))
  reason!: DeadLetterReason;

  @IsString(ID)
  @MaxLength(255, ID)
  @ValidateIf(isNotNull)
  message_id!: string | null;

  @IsString(ID)
  @MaxLength(255, ID)
  @ValidateIf(isNotNull)
  model_id!: string | null;

  @IsInt(COUNT)
  @Min(0, COUNT)
  attempts!: number;

  @IsInt(COUNT)
  @Min(0, COUNT)
  deliveries!: number;

  @Matches(TIMESTAMP_TEXT, UTC)
  first_seen_at!: string;

  @IsArray(HASHES)
  @Matches(TRANSACTION_HASH, { ...HASHES, each: true })
  tx_hashes!: readonly string[];

  @IsInt(COUNT)
  @Min(0, COUNT)
  replay_count!: number;

  @IsString(must('be the name of the process'))
  worker!: string;
}

/** The original message of a dead letter, where it is UTF-8. */
export class TextOriginal {
  @IsString(must("be the producer's exact text"))
  original_message!: string;
}

/** The original message of a dead letter, where it is not UTF-8. */
export class BinaryOriginal {
  @Matches(BASE64, must("be the producer's exact bytes in base64"))
  original_message_base64!: string;
}
