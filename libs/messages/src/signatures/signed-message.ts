import { MessageRejectedError } from '#core';
import { type JsonObject, isJsonObject, ownValue } from '../envelope/json-object.js';
import { LONE_SURROGATE } from '../validation/validators.js';

/** How a producer signs. */
export const SIGNATURE_ALGORITHMS = ['hmac-sha256', 'ed25519'] as const;
export type SignatureAlgorithm = (typeof SIGNATURE_ALGORITHMS)[number];

/** A message that its producer has wrapped and signed. The signature is not verified yet. */
export interface SignedMessage {
  /** The signed bytes: the message. */
  readonly content: Uint8Array;
  readonly keyId: string;
  readonly algorithm: string;
  /** Base64. */
  readonly value: string;
}

/** Whether the object wraps a message. An object with a payload or a model id is a message itself. */
export function isWrapper(json: JsonObject): boolean {
  const has = (key: string): boolean => Object.hasOwn(json, key);
  return has('message') && has('signature') && !has('payload') && !has('model_id');
}

/** The wrapped text; null when there is none. */
export function wrappedText(json: JsonObject): string | null {
  const message = isWrapper(json) ? ownValue(json, 'message') : null;
  return typeof message === 'string' && !LONE_SURROGATE.test(message) ? message : null;
}

// Takes linear time for any text: a string that does not end matches up to the end of the text.
const JSON_STRING = /"(?:[^"\\]|\\.)*(?:"|\\?$)/gs;
/** The five names and four values of a wrapper. A repeated or unknown name is one more. */
const STRINGS_OF_WRAPPER = 9;

/**
 * Takes a wrapper apart.
 *
 * @param text the text that `json` was parsed from
 * @throws MessageRejectedError `invalid_envelope`
 */
export function readWrapper(json: JsonObject, text: string): SignedMessage {
  const content = wrappedText(json);
  const signature = ownValue(json, 'signature');
  const [keyId, algorithm, value] = ['key_id', 'algorithm', 'value'].map((name) =>
    isJsonObject(signature) ? ownValue(signature, name) : undefined,
  );
  if (
    content === null ||
    typeof keyId !== 'string' ||
    typeof algorithm !== 'string' ||
    typeof value !== 'string' ||
    countStrings(text) !== STRINGS_OF_WRAPPER
  ) {
    throw new MessageRejectedError(
      'invalid_envelope',
      'A signed message must be {"message": text, "signature": {"key_id": text, "algorithm": text, "value": text}}, each name once.',
      'signature',
    );
  }
  return { content: Buffer.from(content), keyId, algorithm, value };
}

function countStrings(text: string): number {
  let count = 0;
  for (const _ of text.matchAll(JSON_STRING)) count += 1;
  return count;
}
