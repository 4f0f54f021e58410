import { createHmac, timingSafeEqual, verify } from 'node:crypto';
import { MessageRejectedError } from '#core';
import { excerpt } from '../validation/excerpt.js';
import { decodeBase64, type MessageKey, type MessageKeys, type Producer } from './message-keys.js';
import type { SignedMessage } from './signed-message.js';

/** What the signature of a message says. */
export interface Sender {
  /** Null for a message whose signature was not verified. */
  readonly producer: Producer | null;
  /** Why the signature was not accepted; null when it was, or was not verified. */
  readonly problem: MessageRejectedError | null;
}

/** The sender of a message whose signature does not count. */
export const ANYONE: Sender = { producer: null, problem: null };

/**
 * Returns the producer that signed exactly these bytes. The algorithm is that of the key: a signature cannot choose it.
 *
 * @param now Unix milliseconds
 * @throws MessageRejectedError `unsigned` for null, or `bad_signature`
 */
export function verifySignature(signed: SignedMessage | null, keys: MessageKeys, now: number): Producer {
  if (signed === null)
    throw new MessageRejectedError('unsigned', 'The message must be signed (MESSAGE_SIGNATURES=require).');
  const key = keys.get(signed.keyId);
  if (key === undefined) throw refused(signed, 'names a key that MESSAGE_KEYS_FILE does not have');
  if (key.algorithm !== signed.algorithm)
    throw refused(signed, `must use ${key.algorithm}, got ${excerpt(signed.algorithm)}`);
  if (now < key.notBefore) throw refused(signed, 'uses a key that is not valid yet');
  if (now >= key.expiresAt) throw refused(signed, 'uses a key that has expired');
  const value = decodeBase64(signed.value);
  if (value === null || !fits(key, signed.content, value)) throw refused(signed, 'does not fit the message');
  return key.producer;
}

function fits({ algorithm, key }: MessageKey, content: Uint8Array, value: Buffer): boolean {
  if (algorithm === 'ed25519') return verify(null, content, key, value);
  const expected = createHmac('sha256', key).update(content).digest();
  return value.length === expected.length && timingSafeEqual(value, expected);
}

function refused({ keyId }: SignedMessage, problem: string): MessageRejectedError {
  return new MessageRejectedError('bad_signature', `The signature by key ${excerpt(keyId)} ${problem}.`, 'signature');
}
