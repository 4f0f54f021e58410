import { createHash } from 'node:crypto';
import type { DeadLetter } from '#core';
import { type JsonObject, isJsonObject, ownString, ownValue } from '../envelope/json-object.js';
import { parseJson } from '../envelope/json-text.js';
import { readTimestamp } from '../coercion/timestamp.js';
import { isFlat } from '../envelope/flat-message.js';
import { isWrapper } from '../signatures/signed-message.js';
import { extractIdsLeniently } from './extract-ids.js';

const lenientUtf8 = new TextDecoder('utf-8', { ignoreBOM: true });

/** An id that can stand in a URL. */
const PLAIN_ID = /^[A-Za-z0-9._:-]{1,128}$/;

/**
 * Reads any element of a dead-letter list: this service's, the integration guide's, the producer's, the contract
 * deployer's, a bare message, or garbage. Never throws.
 */
export function readDeadLetter(element: Uint8Array): DeadLetter {
  const json = parseJson(lenientUtf8.decode(element));
  const object = isJsonObject(json) ? json : {};
  const bare = isBareMessage(object);
  const entry = bare ? {} : object;
  const originalMessage = bare ? Uint8Array.from(element) : originalOf(entry);
  const failedAt = failedAtOf(entry);
  const failedOn = readTimestamp(failedAt);
  const ids = originalMessage === null ? null : extractIdsLeniently(originalMessage);
  return {
    id: idOf(entry, element),
    reason: ownString(entry, 'reason'),
    error: ownString(entry, 'error'),
    failedAt,
    failedAtMs: failedOn instanceof Date ? failedOn.getTime() : null,
    messageId: ownString(entry, 'message_id') ?? ids?.messageId ?? null,
    modelId: ownString(entry, 'model_id') ?? ids?.modelId ?? null,
    attempts: countIn(entry, 'attempts'),
    replayCount: countIn(entry, 'replay_count') ?? 0,
    originalMessage,
    element,
  };
}

const ORIGINAL_KEYS = ['original_message', 'original_message_base64', 'originalMessage'];

/** A message that some consumer moved to the dead letters without an entry around it is its own original. */
function isBareMessage(object: JsonObject): boolean {
  if (ORIGINAL_KEYS.some((key) => Object.hasOwn(object, key))) return false;
  return isJsonObject(ownValue(object, 'payload')) || isFlat(object) || isWrapper(object);
}

function idOf(entry: JsonObject, element: Uint8Array): string {
  const id = ownString(entry, 'id');
  return id !== null && PLAIN_ID.test(id) ? id : createHash('sha1').update(element).digest('hex');
}

/** `failed_at`, or the contract deployer's `timestamp`: text as it came, numbers as ISO 8601. */
function failedAtOf(entry: JsonObject): string | null {
  const value = ownValue(entry, 'failed_at') ?? ownValue(entry, 'timestamp');
  if (typeof value === 'string') return value;
  const date = readTimestamp(value);
  return date instanceof Date ? date.toISOString() : null;
}

function countIn(entry: JsonObject, key: string): number | null {
  const value = ownValue(entry, key);
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : null;
}

function originalOf(entry: JsonObject): Uint8Array | null {
  const base64 = ownString(entry, 'original_message_base64');
  if (base64 !== null) return fromBase64(base64);
  const original = ownValue(entry, 'original_message') ?? ownValue(entry, 'originalMessage');
  if (typeof original === 'string') return Buffer.from(original);
  return isJsonObject(original) ? serialised(original) : null;
}

/** Null for text that is not base64 of anything: Node itself would skip what it does not know. */
function fromBase64(text: string): Uint8Array | null {
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text ? bytes : null;
}

/** Null for an object nested too deeply to be written again. */
function serialised(object: JsonObject): Uint8Array | null {
  try {
    return Buffer.from(JSON.stringify(object));
  } catch {
    return null;
  }
}
