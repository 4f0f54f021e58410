import { createPublicKey, createSecretKey, type KeyObject } from 'node:crypto';
import type { ProducerBudget } from '#core';
import { type JsonObject, isJsonObject, ownValue } from '../envelope/json-object.js';
import { parseJson } from '../envelope/json-text.js';
import { type AllowList, ANYTHING } from './allow-list.js';
import { SIGNATURE_ALGORITHMS, type SignatureAlgorithm } from './signed-message.js';

/** A program that signs messages, and what it may ask for. */
export interface Producer {
  readonly name: string;
  readonly budget: ProducerBudget;
  readonly allow: AllowList;
}

/** A key that verifies signatures. */
export interface MessageKey {
  readonly id: string;
  readonly producer: Producer;
  readonly algorithm: SignatureAlgorithm;
  readonly key: KeyObject;
  /** Unix milliseconds. */
  readonly notBefore: number;
  /** Unix milliseconds. */
  readonly expiresAt: number;
}

/** By key id. */
export type MessageKeys = ReadonlyMap<string, MessageKey>;

/** The key file is invalid. The message quotes nothing of it but ids and names. */
export class InvalidMessageKeysError extends Error {
  override readonly name = 'InvalidMessageKeysError';
}

const NAME = /^[\w.@-]{1,64}$/;
const INSTANT = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?Z)?$/;
const ADDRESS = /^0x[0-9a-f]{40}$/i;
const MAX_KEYS = 1_000;
/** Metrics have a series of each producer. */
const MAX_PRODUCERS = 50;
const MIN_SECRET_BYTES = 32;
const PUBLIC_KEY_BYTES = 32;

const KEY_FIELDS = ['id', 'producer', 'algorithm', 'secret', 'public_key', 'not_before', 'expires'];
const PRODUCER_FIELDS = ['tokens_per_hour', 'tokens_per_day', 'model_ids', 'contributors'];

/**
 * Reads the text of the key file.
 *
 * @throws InvalidMessageKeysError
 */
export function parseMessageKeys(text: string): MessageKeys {
  const file = object(parseJson(text), 'the file', ['keys', 'producers']);
  const producers = readProducers(ownValue(file, 'producers') ?? {});
  const listed = ownValue(file, 'keys');
  if (!Array.isArray(listed) || listed.length === 0 || listed.length > MAX_KEYS)
    throw new InvalidMessageKeysError(`keys must be a list of 1 to ${MAX_KEYS} keys`);
  const keys = new Map<string, MessageKey>();
  for (const [index, entry] of listed.entries()) {
    const key = readKey(entry, index, producers);
    if (keys.has(key.id)) throw new InvalidMessageKeysError(`the key ${key.id} must be in the file once`);
    keys.set(key.id, key);
  }
  if (producers.size > MAX_PRODUCERS)
    throw new InvalidMessageKeysError(`the file must name at most ${MAX_PRODUCERS} producers`);
  return keys;
}

function readProducers(value: unknown): Map<string, Producer> {
  const producers = new Map<string, Producer>();
  for (const [name, entry] of Object.entries(object(value, 'producers'))) {
    if (!NAME.test(name)) throw new InvalidMessageKeysError('a producer must have 1 to 64 letters, digits or ._@-');
    const owner = `the producer ${name}`;
    const fields = object(entry, owner, PRODUCER_FIELDS);
    producers.set(name, {
      name,
      budget: {
        tokensPerHour: countIn(fields, 'tokens_per_hour', owner),
        tokensPerDay: countIn(fields, 'tokens_per_day', owner),
      },
      allow: {
        modelIds: textsIn(fields, 'model_ids', owner),
        contributors: addressesIn(fields, owner),
      },
    });
  }
  return producers;
}

function readKey(entry: unknown, index: number, producers: Map<string, Producer>): MessageKey {
  const fields = object(entry, `key ${index + 1}`, KEY_FIELDS);
  const [id, name] = ['id', 'producer'].map((field) => {
    const text = ownValue(fields, field);
    if (typeof text === 'string' && NAME.test(text)) return text;
    throw new InvalidMessageKeysError(`${field} of key ${index + 1} must have 1 to 64 letters, digits or ._@-`);
  });
  if (id === undefined || name === undefined) throw new InvalidMessageKeysError(`key ${index + 1} has no id`);
  const algorithm = SIGNATURE_ALGORITHMS.find((known) => known === ownValue(fields, 'algorithm'));
  if (algorithm === undefined)
    throw new InvalidMessageKeysError(`algorithm of key ${id} must be ${SIGNATURE_ALGORITHMS.join(' or ')}`);
  const producer = producers.get(name) ?? {
    name,
    budget: { tokensPerHour: null, tokensPerDay: null },
    allow: ANYTHING,
  };
  producers.set(name, producer);
  const key = algorithm === 'ed25519' ? publicKeyOf(fields, id) : secretOf(fields, id);
  const [notBefore, expiresAt] = [instantIn(fields, 'not_before', id), instantIn(fields, 'expires', id)];
  return { id, producer, algorithm, key, notBefore: notBefore ?? -Infinity, expiresAt: expiresAt ?? Infinity };
}

function secretOf(fields: JsonObject, id: string): KeyObject {
  const bytes = base64In(fields, 'secret');
  if (bytes === null || bytes.length < MIN_SECRET_BYTES || Object.hasOwn(fields, 'public_key'))
    throw new InvalidMessageKeysError(
      `key ${id} (hmac-sha256) must have a secret of at least ${MIN_SECRET_BYTES} bytes in base64, and no public_key`,
    );
  return createSecretKey(bytes);
}

function publicKeyOf(fields: JsonObject, id: string): KeyObject {
  const bytes = base64In(fields, 'public_key');
  if (bytes?.length !== PUBLIC_KEY_BYTES || Object.hasOwn(fields, 'secret'))
    throw new InvalidMessageKeysError(
      `key ${id} (ed25519) must have a public_key of ${PUBLIC_KEY_BYTES} bytes in base64, and no secret`,
    );
  return createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: bytes.toString('base64url') }, format: 'jwk' });
}

/** The bytes of base64 text that has no second spelling of the same bytes; null for other values. */
export function decodeBase64(text: unknown): Buffer | null {
  if (typeof text !== 'string') return null;
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text ? bytes : null;
}

function base64In(fields: JsonObject, name: string): Buffer | null {
  return decodeBase64(ownValue(fields, name));
}

function instantIn(fields: JsonObject, name: string, id: string): number | null {
  const value = ownValue(fields, name) ?? null;
  if (value === null) return null;
  const instant = typeof value === 'string' && INSTANT.test(value) ? Date.parse(value) : Number.NaN;
  if (Number.isNaN(instant))
    throw new InvalidMessageKeysError(
      `${name} of key ${id} must be a date, or a time in UTC such as 2027-01-31T12:00:00Z`,
    );
  return instant;
}

function countIn(fields: JsonObject, name: string, owner: string): number | null {
  const value = ownValue(fields, name) ?? null;
  if (value === null) return null;
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 1 || value > 1_000_000)
    throw new InvalidMessageKeysError(`${name} of ${owner} must be a whole number from 1 to 1000000`);
  return value;
}

function textsIn(fields: JsonObject, name: string, owner: string): readonly string[] | null {
  const value: unknown = ownValue(fields, name) ?? null;
  if (value === null) return null;
  const texts = Array.isArray(value) ? value.filter((text): text is string => typeof text === 'string') : [];
  if (!Array.isArray(value) || texts.length !== value.length)
    throw new InvalidMessageKeysError(`${name} of ${owner} must be a list of texts`);
  return texts;
}

function addressesIn(fields: JsonObject, owner: string): ReadonlySet<string> | null {
  const texts = textsIn(fields, 'contributors', owner);
  if (texts?.some((text) => !ADDRESS.test(text)) === true)
    throw new InvalidMessageKeysError(`contributors of ${owner} must be addresses: 0x and 40 hexadecimal digits`);
  return texts && new Set(texts.map((text) => text.toLowerCase()));
}

function object(value: unknown, owner: string, known?: readonly string[]): JsonObject {
  if (!isJsonObject(value)) throw new InvalidMessageKeysError(`${owner} must be a JSON object`);
  if (known !== undefined && Object.keys(value).some((name) => !known.includes(name)))
    throw new InvalidMessageKeysError(`${owner} must have no other fields than ${known.join(', ')}`);
  return value;
}
