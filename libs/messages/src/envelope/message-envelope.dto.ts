import { Transform } from 'class-transformer';
import { IsDate, IsInt, IsObject, IsString } from 'class-validator';
import { readInteger } from '../coercion/integer.js';
import { NestedJson } from '../coercion/nested-json.js';
import { readTimestamp } from '../coercion/timestamp.js';
import { INTEGER, TEXT, TIMESTAMP } from '../validation/field-expectations.js';
import { IsText, must } from '../validation/validators.js';
import type { JsonObject } from './json-object.js';

/** The producer's envelope around a payload. */
export class MessageEnvelope {
  @IsText({ min: 1, max: 255, printable: true })
  message_id!: string;

  @IsString(TEXT)
  message_type!: string;

  @NestedJson()
  @IsObject(must('be a JSON object'))
  payload!: JsonObject;

  /** Time at which the producer wrote the message. */
  @Transform(({ value }) => readTimestamp(value))
  @IsDate(TIMESTAMP)
  timestamp!: Date;

  /** Retries already consumed by the producer or another consumer. */
  @Transform(({ value }) => readInteger(value))
  @IsInt(INTEGER)
  retry_count = 0;

  @Transform(({ value }) => readInteger(value))
  @IsInt(INTEGER)
  max_retries = 3;
}
