import type { DeadLetterReason } from '#core';
import { ValidateBy, type ValidationOptions } from 'class-validator';
import { isDecimal } from '../coercion/decimal.js';
import { isJsonObject } from '../envelope/json-object.js';
import { deceptionIn } from './deceptive-text.js';
import { EvmAddress } from './evm-address.js';
import { excerpt } from './excerpt.js';

/** Dead-letter reasons of single fields, in the order in which they are reported. */
export const FIELD_REASONS = ['invalid_field', 'invalid_metric', 'invalid_address'] as const;
export type FieldReason = (typeof FIELD_REASONS)[number] & DeadLetterReason;

/** What a broken rule means for the message. */
interface RuleContext {
  /** Default: `invalid_field`. */
  readonly reason?: FieldReason;
  /** The value becomes null, with a warning: nothing on chain depends on it. */
  readonly ignorable?: boolean;
}

/**
 * Options of a class-validator decorator.
 *
 * @param expectation completes the sentence "the field must …"
 */
export function must(expectation: string | ((value: unknown) => string), context?: RuleContext): ValidationOptions {
  const message = typeof expectation === 'string' ? expectation : ({ value }: { value: unknown }) => expectation(value);
  return { message, context };
}

export interface TextBounds {
  /** Bytes of UTF-8. */
  readonly min: number;
  /** Bytes of UTF-8. The factory keeps the length of a text in one byte of the token's code. */
  readonly max: number;
  /** Maximum characters, where fewer are allowed than bytes. */
  readonly characters?: number;
  /** Refuses control characters, line separators and texts that people cannot tell from another. */
  readonly printable?: boolean;
}

export const LONE_SURROGATE = /\p{Cs}/u;
export const NOT_PRINTABLE = /[\p{Cc}\u2028\u2029]/u;

/**
 * A string of Unicode characters, within bounds.
 *
 * `IsByteLength` throws a URIError for a lone surrogate, and `Length` does not count variation selectors, as pydantic does.
 */
export function IsText(bounds: TextBounds, context?: RuleContext): PropertyDecorator {
  const { min, max, characters = max, printable = false } = bounds;
  const most = characters < max ? `${characters} characters and ${max} bytes` : `${max} bytes`;
  const expectation = `be a string of ${min} to ${most}${printable ? ' without control characters' : ''}`;
  const fault = (value: unknown): string | null => {
    if (typeof value !== 'string' || LONE_SURROGATE.test(value)) return expectation;
    const bytes = Buffer.byteLength(value);
    if (bytes < min || bytes > max) return expectation;
    if (value.length > characters && Array.from(value).length > characters) return expectation;
    if (!printable) return null;
    return NOT_PRINTABLE.test(value) ? expectation : deceptionIn(value);
  };
  return ValidateBy(
    { name: 'isText', constraints: [bounds], validator: { validate: (value) => fault(value) === null } },
    must((value) => fault(value) ?? expectation, context),
  );
}

function wrongEntry(value: unknown): readonly [string, unknown] | undefined {
  return isJsonObject(value) ? Object.entries(value).find(([, entry]) => typeof entry !== 'string') : undefined;
}

/** A JSON object whose values are strings. */
export function IsStringMap(context: RuleContext): PropertyDecorator {
  return ValidateBy(
    {
      name: 'isStringMap',
      validator: { validate: (value) => isJsonObject(value) && wrongEntry(value) === undefined },
    },
    must((value) => {
      const [key, entry] = wrongEntry(value) ?? [];
      const detail = key === undefined ? '' : ` (the value of ${excerpt(key)} is ${excerpt(entry)})`;
      return `be a JSON object whose values are strings${detail}`;
    }, context),
  );
}

/** For a property read by `readMetric`: `invalid_field` unless it is a number, `invalid_metric` unless it is in range. */
export function IsMetric(): PropertyDecorator {
  return both(
    ValidateBy(
      { name: 'isDecimal', validator: { validate: (value) => typeof value === 'bigint' || isDecimal(value) } },
      must('be a number'),
    ),
    ValidateBy(
      { name: 'isMetric', validator: { validate: (value) => typeof value === 'bigint' } },
      must('be a finite number that fits a signed 256-bit integer with 18 decimals', { reason: 'invalid_metric' }),
    ),
  );
}

function isAddress(value: unknown): boolean {
  return value instanceof EvmAddress;
}

/** For a property read by `readAddress`. `IsEthereumAddress` does not verify the EIP-55 checksum. */
export function IsEvmAddress(): PropertyDecorator {
  return both(
    ValidateBy(
      { name: 'isAddressText', validator: { validate: (value) => typeof value === 'string' || isAddress(value) } },
      must('be a string'),
    ),
    ValidateBy(
      { name: 'isEvmAddress', validator: { validate: isAddress } },
      must('be a 20-byte hex address, in one case or with a valid EIP-55 checksum', { reason: 'invalid_address' }),
    ),
  );
}

function both(first: PropertyDecorator, second: PropertyDecorator): PropertyDecorator {
  return (prototype, key) => {
    first(prototype, key);
    second(prototype, key);
  };
}
