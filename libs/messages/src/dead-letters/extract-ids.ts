import { flatMessageId, isFlat } from '../envelope/flat-message.js';
import { type JsonObject, isJsonObject, ownString, ownValue } from '../envelope/json-object.js';
import { DEFAULT_MODEL_ID_SOURCE, valueAtSource } from '../envelope/model-id-source.js';
import { decodeUtf8, parseJson } from '../envelope/json-text.js';
import { wrappedText } from '../signatures/signed-message.js';

/** Ids of a message that may not be valid. Null where there is none to be found. */
export interface ExtractedIds {
  readonly messageId: string | null;
  readonly modelId: string | null;
}

const NOTHING: ExtractedIds = { messageId: null, modelId: null };

/** Longer messages are not looked into. */
const MAX_BYTES = 8 * 1024 * 1024;
const MAX_ID_CHARACTERS = 255;

/** Finds the ids that it can, at most 255 characters each, in any bytes. Never throws. */
export function extractIdsLeniently(bytes: Uint8Array, modelIdSource = DEFAULT_MODEL_ID_SOURCE): ExtractedIds {
  const text = bytes.byteLength <= MAX_BYTES ? decodeUtf8(bytes) : null;
  if (text === null) return NOTHING;
  const json = parseJson(text);
  if (json === undefined) {
    const ids = idsInText(text);
    return modelIdSource === DEFAULT_MODEL_ID_SOURCE ? ids : { ...ids, modelId: null };
  }
  if (!isJsonObject(json)) return NOTHING;
  const wrapped = wrappedText(json);
  // Each wrapper doubles the backslashes of what it holds: at this size, no more than 23 fit into each other.
  if (wrapped !== null) return extractIdsLeniently(Buffer.from(wrapped), modelIdSource);
  if (isFlat(json)) return { messageId: flatMessageId(bytes), modelId: modelIdIn(json, modelIdSource) };
  const payload = ownValue(json, 'payload');
  return {
    messageId: idOf(json, 'message_id'),
    modelId: isJsonObject(payload) ? modelIdIn(payload, modelIdSource) : null,
  };
}

function modelIdIn(payload: JsonObject, source: string): string | null {
  const value = valueAtSource(payload, source);
  return typeof value === 'string' ? value.slice(0, MAX_ID_CHARACTERS) : null;
}

function idOf(object: JsonObject, key: string): string | null {
  return ownString(object, key)?.slice(0, MAX_ID_CHARACTERS) ?? null;
}

const MESSAGE_ID_IN_TEXT = /"message_id"\s{0,8}:\s{0,8}("(?:[^"\\]|\\.){0,255}")/;
const MODEL_ID_IN_TEXT = /"model_id"\s{0,8}:\s{0,8}("(?:[^"\\]|\\.){0,255}")/;

/** For text that is nearly JSON, such as Python's with `NaN` in it. */
function idsInText(text: string): ExtractedIds {
  return { messageId: idInText(text, MESSAGE_ID_IN_TEXT), modelId: idInText(text, MODEL_ID_IN_TEXT) };
}

function idInText(text: string, pattern: RegExp): string | null {
  const id = parseJson(pattern.exec(text)?.[1] ?? '');
  return typeof id === 'string' ? id : null;
}
