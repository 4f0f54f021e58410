import { type DeadLetterReason, MessageRejectedError } from '#core';
import { type ValidationError, validateSync } from 'class-validator';
import { excerpt } from './excerpt.js';
import { passes } from './fast-path.js';
import { fromJson } from '../coercion/json-field.js';
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

/**
 * Reads an object into a class and checks every rule of the class.
 *
 * A value that breaks an ignorable rule becomes null.
 *
 * @throws MessageRejectedError for the first other fault, in the order of `FIELD_REASONS` and then of the class
 */
export function parseAs<T extends object>(type: new () => T, source: JsonObject, placement: FieldPath): Parsed<T> {
  const value = fromJson(type, source);
  if (passes(value)) return { value, warnings: [] };
  const faults = validateSync(value, { validationError: { target: false } }).flatMap(toFaults);
  const describe = ({ field, expectation }: FieldFault): string =>
    `${placement.prefix}${field} must ${expectation}, got ${excerpt(ownValue(source, field))}.`;
  const fault = firstFault(faults.filter(({ ignorable }) => !ignorable));
  if (fault !== null) {
    throw new MessageRejectedError(placement.reason ?? fault.reason, describe(fault), placement.prefix + fault.field);
  }
  for (const { field } of faults) Object.assign(value, { [field]: null });
  return { value, warnings: faults.map((ignored) => `${describe(ignored)} The field is ignored.`) };
}

function firstFault(faults: readonly FieldFault[]): FieldFault | null {
  for (const reason of FIELD_REASONS) {
    const fault = faults.find((candidate) => candidate.reason === reason);
    if (fault) return fault;
  }
  return null;
}

function toFaults({ property, constraints = {}, contexts = {} }: ValidationError): readonly FieldFault[] {
  return Object.entries(constraints).map(([rule, expectation]) => ({
    field: property,
    reason: reasonOf(contexts[rule]),
    ignorable: isIgnorable(contexts[rule]),
    expectation,
  }));
}

function reasonOf(context: unknown): FieldReason {
  const claimed = typeof context === 'object' && context !== null && 'reason' in context ? context.reason : null;
  return FIELD_REASONS.find((reason) => reason === claimed) ?? 'invalid_field';
}

function isIgnorable(context: unknown): boolean {
  return typeof context === 'object' && context !== null && 'ignorable' in context && context.ignorable === true;
}
