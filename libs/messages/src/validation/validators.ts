import type { DeadLetterReason } from '#core';
import { IsOptional, ValidateBy, ValidateIf, type ValidationArguments } from 'class-validator';
import { EvmAddress } from './evm-address.js';
import { registerRule } from './fast-path.js';
import { excerpt } from './excerpt.js';
import { deceptionIn } from './deceptive-text.js';
import { isJsonObject } from '../envelope/json-object.js';
import { isDecimal } from '../coercion/decimal.js';

/** Reasons that a rule of a single field may give, in the order in which they are reported. */
export const FIELD_REASONS = ['invalid_field', 'invalid_metric', 'invalid_address'] as const;
export type FieldReason = (typeof FIELD_REASONS)[number] & DeadLetterReason;

/** What a rule tells class-validator about itself, besides its sentence. */
interface RuleContext {
  readonly reason: FieldReason;
  readonly ignorable: boolean;
}

interface RuleOptions {
  /** A value that breaks the rule becomes null, with a warning: nothing on chain depends on it. */
  readonly ignorable?: boolean;
}

/** @param expectation completes the sentence "the field must ..." */
function rule(
  name: string,
  reason: FieldReason,
  expectation: string | ((value: unknown) => string),
  accepts: (value: unknown) => boolean,
  { ignorable = false }: RuleOptions = {},
): PropertyDecorator {
  const context: RuleContext = { reason, ignorable };
  const validator = {
    validate: accepts,
    defaultMessage: (found?: ValidationArguments) =>
      typeof expectation === 'string' ? expectation : expectation(found?.value),
  };
  return all(ValidateBy({ name, validator }, { context }), (prototype, key) => {
    registerRule(prototype, key, 'accepts', accepts);
  });
}

/** The rules of the field do not apply to null; the key itself is still required. */
export function Nullable(): PropertyDecorator {
  return all(
    ValidateIf((_, value) => value !== null),
    (prototype, key) => registerRule(prototype, key, 'exempt', (value) => value === null),
  );
}

/** The rules of the field do not apply to null, nor when the key is not there. */
export function Optional(): PropertyDecorator {
  return all(IsOptional(), (prototype, key) => {
    registerRule(prototype, key, 'exempt', (value) => value === null || value === undefined);
  });
}

export interface TextBounds {
  /** Bytes of UTF-8. */
  readonly min: number;
  /** Bytes of UTF-8. The factory keeps the length of a text in one byte of the token's code. */
  readonly max: number;
  /** Most characters, where fewer are allowed than bytes. */
  readonly characters?: number;
  /** Refuses control characters and line separators: for what becomes a key, a log field or a symbol. */
  readonly printable?: boolean;
}

const NOT_PRINTABLE = /[\p{Cc}\u2028\u2029]/u;

/** A well-formed string. Pydantic turns nothing else into one, and neither does this. */
export function IsText(bounds: TextBounds, options: RuleOptions = {}): PropertyDecorator {
  const { min, max, characters = max, printable = false } = bounds;
  const most = characters < max ? `${characters} characters and ${max} bytes` : `${max} bytes`;
  const expectation = `be a string of ${min} to ${most}${printable ? ' without control characters' : ''}`;
  const fits = (value: unknown): value is string => {
    if (typeof value !== 'string' || !isWellFormed(value)) return false;
    const bytes = Buffer.byteLength(value);
    const isSized = bytes >= min && bytes <= max;
    return (
      isSized &&
      (value.length <= characters || Array.from(value).length <= characters) &&
      !(printable && NOT_PRINTABLE.test(value))
    );
  };
  const isText = rule('isText', 'invalid_field', expectation, fits, options);
  if (!printable) return isText;
  const deception = (value: unknown) => (fits(value) ? deceptionIn(value) : null);
  const isClear = rule(
    'isClear',
    'invalid_field',
    (value) => deception(value) ?? '',
    (value) => deception(value) === null,
  );
  return all(isText, isClear);
}

const LONE_SURROGATE = /\p{Cs}/u;

function isWellFormed(text: string): boolean {
  return !LONE_SURROGATE.test(text);
}

export function IsAnyString(options: RuleOptions = {}): PropertyDecorator {
  return rule('isAnyString', 'invalid_field', 'be a string', (value) => typeof value === 'string', options);
}

/** The key is required. */
export function IsStringOrNull(): PropertyDecorator {
  return rule('isStringOrNull', 'invalid_field', 'be a string', (value) => typeof value === 'string' || value === null);
}

export function IsJsonObject(): PropertyDecorator {
  return rule('isJsonObject', 'invalid_field', 'be a JSON object', isJsonObject);
}

function wrongEntry(value: unknown): readonly [string, unknown] | undefined {
  return isJsonObject(value) ? Object.entries(value).find(([, entry]) => typeof entry !== 'string') : undefined;
}

export function IsStringMap(options: RuleOptions = {}): PropertyDecorator {
  return rule(
    'isStringMap',
    'invalid_field',
    (value) => {
      const [key, entry] = wrongEntry(value) ?? [];
      const detail = key === undefined ? '' : ` (the value of ${excerpt(key)} is ${excerpt(entry)})`;
      return `be a JSON object whose values are strings${detail}`;
    },
    (value) => isJsonObject(value) && wrongEntry(value) === undefined,
    options,
  );
}

export function IsInteger(): PropertyDecorator {
  return rule('isInteger', 'invalid_field', 'be a whole number', Number.isInteger);
}

export function IsTimestamp(): PropertyDecorator {
  const expectation = 'be an ISO 8601 date and time, a date, or Unix seconds or milliseconds';
  return rule('isTimestamp', 'invalid_field', expectation, (value) => value instanceof Date);
}

/** For a property read by `readMetric`: the type rule and the range rule have reasons of their own. */
export function IsMetric(): PropertyDecorator {
  return all(
    rule('isDecimal', 'invalid_field', 'be a number', (value) => typeof value === 'bigint' || isDecimal(value)),
    rule(
      'isMetric',
      'invalid_metric',
      'be a finite number that fits a signed 256-bit integer with 18 decimals',
      (value) => typeof value === 'bigint',
    ),
  );
}

/** For a property read by `readNumber`. */
export function IsFiniteNumber(): PropertyDecorator {
  return all(
    rule('isDecimal', 'invalid_field', 'be a number', (value) => typeof value === 'number'),
    rule('isFinite', 'invalid_metric', 'be a finite number', Number.isFinite),
  );
}

/** For a property read by `readAddress`. */
export function IsEvmAddress(): PropertyDecorator {
  return all(
    rule('isText', 'invalid_field', 'be a string', (value) => typeof value === 'string' || value instanceof EvmAddress),
    rule(
      'isEvmAddress',
      'invalid_address',
      'be a 20-byte hex address, in one case or with a valid EIP-55 checksum',
      (value) => value instanceof EvmAddress,
    ),
  );
}

function all(...decorators: readonly PropertyDecorator[]): PropertyDecorator {
  return (prototype, key) => {
    for (const decorate of decorators) decorate(prototype, key);
  };
}
