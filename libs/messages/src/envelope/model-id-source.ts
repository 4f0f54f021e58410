import { type JsonObject, isJsonObject, ownValue } from './json-object.js';

/** The field of the platform's schema. */
export const DEFAULT_MODEL_ID_SOURCE = 'model_id';

/**
 * The value that a payload has at `model_id`, `payload.<field>` or `tags.<key>`; undefined when there is none. The name of a
 * tag may contain dots. A whole number counts as its decimal text, except at `model_id`, where the platform sends text.
 */
export function valueAtSource(payload: JsonObject, source: string): unknown {
  const dot = source.indexOf('.');
  if (dot === -1) return ownValue(payload, source);
  const holder = source.startsWith('tags.') ? ownValue(payload, 'tags') : payload;
  const value = isJsonObject(holder) ? ownValue(holder, source.slice(dot + 1)) : undefined;
  return Number.isSafeInteger(value) ? String(value) : value;
}

/** Name of the source in errors. @param prefix of the payload's fields */
export function nameOfSource(source: string, prefix: string): string {
  return prefix + source.replace(/^payload\./, '');
}
