import { Transform } from 'class-transformer';
import { type JsonObject, ownValue } from '../envelope/json-object.js';

/**
 * Returns the object's own values of the given properties, with each object and array behind a function.
 *
 * `plainToInstance` copies functions as they are. It copies objects to any depth, which overflows the stack, and calls their own
 * `constructor`.
 */
export function pickProperties(source: JsonObject, properties: readonly string[]): JsonObject {
  const picked: Record<string, unknown> = {};
  for (const property of properties) {
    const value = ownValue(source, property);
    if (value !== undefined) picked[property] = typeof value === 'object' && value !== null ? () => value : value;
  }
  return picked;
}

/** Reads the object or array of a property that takes one. */
export function NestedJson(): PropertyDecorator {
  return Transform(({ value }: { value: unknown }): unknown =>
    typeof value === 'function' ? Reflect.apply(value, undefined, []) : value,
  );
}
