import { JsonField } from '../coercion/json-field.js';
import type { JsonObject } from './json-object.js';
import { readInteger } from '../coercion/integer.js';
import { readTimestamp } from '../coercion/timestamp.js';
import { IsAnyString, IsInteger, IsJsonObject, IsText, IsTimestamp } from '../validation/validators.js';

/** What the producer wraps around every payload. */
export class MessageEnvelope {
  @JsonField()
  @IsText({ min: 1, max: 255, printable: true })
  message_id!: string;

  @JsonField()
  @IsAnyString()
  message_type!: string;

  @JsonField()
  @IsJsonObject()
  payload!: JsonObject;

  /** When the producer wrote the message. */
  @JsonField(readTimestamp)
  @IsTimestamp()
  timestamp!: Date;

  /** Retries that the producer, or another consumer, has spent. */
  @JsonField(readInteger)
  @IsInteger()
  retry_count = 0;

  @JsonField(readInteger)
  @IsInteger()
  max_retries = 3;
}
