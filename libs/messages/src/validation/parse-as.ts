import { type DeadLetterReason, MessageRejectedError } from '#core';
import { plainToInstance } from 'class-transformer';
import { type ValidationError, validateSync } from 'class-validator';
import { excerpt } from './excerpt.js';
import { isValid } from './is-valid.js';
import { pickProperties } from '../coercion/nested-json.js';
import { type JsonObject, ownValue } from '../envelope/json-object.js';
import { FIELD_REASONS, type FieldReason } from './validators.js';

interface FieldFault {
  readonly field: string;
  readonly reason: FieldReason;
  readonly ignorable: boolean;
  readonly expectation: string;
}

/** Where the object stands in the message, and what its faults are called. */
export interface FieldPath {
  /** Put before a field's name: empty at the top, `payload.` inside the envelope. */
  readonly prefix: string;
  /** Given instead of the reason of the rule that was broken. */
  readonly reason?: DeadLetterReason;
}

export interface Parsed<T> {
  readonly value: T;
  /** Which fields were ignored, and why. */
  readonly warnings: readonly string[];
}

const OPTIONS = {
  stopAtFirstError: true,
  forbidUnknownValues: false,
  validationError: { target: false, value: false },
};

/**
 * Converts an object to a class and validates it. Absent fields keep the defaults of the class.
 *
 * A value that breaks an ignorable rule becomes null.
 *
 * @throws MessageRejectedError for the first other fault, in the order of `FIELD_REASONS` and then of the class
 */
export function parseAs<T extends object>(type: new () => T, source: JsonObject, placement: FieldPath): Parsed<T> {
  // Every property of the class is an own property of a new instance, also one that has no initializer.
  const value = plainToInstance(type, pickProperties(source, Object.keys(new type())));
  if (isValid(type, value)) return { value, warnings: [] };
  const faults = validateSync(value, OPTIONS).flatMap(toFaults);
  const describe = ({ field, expectation }: FieldFault): string =>
    `${placement.prefix}${field} must ${expectation}, got ${excerpt(ownValue(source, field))}.`;
  const [fault] = faults
    .filter(({ ignorable }) => !ignorable)
    .toSorted((a, b) => FIELD_REASONS.indexOf(a.reason) - FIELD_REASONS.indexOf(b.reason));
  if (fault !== undefined) {
    throw new MessageRejectedError(placement.reason ?? fault.reason, describe(fault), placement.prefix + fault.field);
  }
  for (const { field } of faults) Object.assign(value, { [field]: null });
  return { value, warnings: faults.map((ignored) => `${describe(ignored)} The field is ignored.`) };
}

function toFaults({ property, constraints = {}, contexts = {} }: ValidationError): readonly FieldFault[] {
  return Object.entries(constraints).map(([rule, expectation]) => {
    const context: unknown = contexts[rule];
    const isObject = typeof context === 'object' && context !== null;
    const claimed = isObject && 'reason' in context ? context.reason : null;
    return {
      field: property,
      reason: FIELD_REASONS.find((reason) => reason === claimed) ?? 'invalid_field',
      ignorable: isObject && 'ignorable' in context && context.ignorable === true,
      expectation,
    };
  });
}
