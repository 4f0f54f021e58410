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
  readonly expectation: string;
}

/** Where the object stands in the message, and what its faults are called. */
export interface FieldPath {
  /** Put before a field's name: empty at the top, `payload.` inside the envelope. */
  readonly prefix: string;
  /** Given instead of the reason of the rule that was broken. */
  readonly reason?: DeadLetterReason;
}

/**
 * Reads an object into a class and checks every rule of the class.
 *
 * @throws MessageRejectedError for the first fault, in the order of `FIELD_REASONS` and then of the class
 */
export function parseAs<T extends object>(type: new () => T, source: JsonObject, placement: FieldPath): T {
  const instance = fromJson(type, source);
  if (passes(instance)) return instance;
  const errors = validateSync(instance, { validationError: { target: false } });
  const fault = firstFault(errors);
  if (fault === null) return instance;
  const field = placement.prefix + fault.field;
  const got = excerpt(ownValue(source, fault.field));
  throw new MessageRejectedError(
    placement.reason ?? fault.reason,
    `${field} must ${fault.expectation}, got ${got}.`,
    field,
  );
}

function firstFault(errors: readonly ValidationError[]): FieldFault | null {
  const faults = errors.flatMap(toFaults);
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
    expectation,
  }));
}

function reasonOf(context: unknown): FieldReason {
  const claimed = typeof context === 'object' && context !== null && 'reason' in context ? context.reason : null;
  return FIELD_REASONS.find((reason) => reason === claimed) ?? 'invalid_field';
}
