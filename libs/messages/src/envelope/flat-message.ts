import { createHash } from 'node:crypto';
import type { JsonObject } from './json-object.js';

/** Hokusai's own contract deployer reads, and some producers send, the payload without an envelope. */
export function isFlat(json: JsonObject): boolean {
  return !Object.hasOwn(json, 'payload') && Object.hasOwn(json, 'model_id');
}

/** The id of a message without envelope: the same for the same bytes. */
export function flatMessageId(bytes: Uint8Array): string {
  return `flat-${createHash('sha1').update(bytes).digest('hex')}`;
}
