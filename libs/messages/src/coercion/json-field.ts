import { type JsonObject, ownValue } from '../envelope/json-object.js';

/** Turns an accepted spelling of a value into the value; returns anything else as it is, for the rules to refuse. */
export type FieldReader = (value: unknown) => unknown;

const fieldsOf = new WeakMap<object, Map<string, FieldReader>>();

/**
 * Marks a property that is read from the JSON key of the same name. This does the work of class-transformer's `Expose`
 * and `Transform`, whose executor alone costs more than parsing and validating a message together.
 */
export function JsonField(read: FieldReader = (value) => value): PropertyDecorator {
  return (prototype, key) => {
    const fields = fieldsOf.get(prototype) ?? new Map<string, FieldReader>();
    fieldsOf.set(prototype, fields.set(String(key), read));
  };
}

/**
 * An instance with every `JsonField` that the object has as its own key; absent ones keep their defaults, other keys are
 * ignored. The types of the fields hold only once class-validator has accepted the instance.
 */
export function fromJson<T extends object>(type: new () => T, source: JsonObject): T {
  const instance = new type();
  const fields: Record<string, unknown> = {};
  for (const [key, read] of fieldsOf.get(Reflect.getPrototypeOf(instance) ?? instance) ?? []) {
    const value = ownValue(source, key);
    if (value !== undefined) fields[key] = read(value);
  }
  return Object.assign(instance, fields);
}
