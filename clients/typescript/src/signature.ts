import { createHmac, type KeyObject, sign as signBytes } from 'node:crypto';

/** Signs messages: with HMAC-SHA256 and a secret, or with Ed25519 and a private key. */
export type SigningKey =
  | { readonly id: string; readonly algorithm: 'hmac-sha256'; readonly secret: Uint8Array }
  | { readonly id: string; readonly algorithm: 'ed25519'; readonly privateKey: KeyObject };

/** A message with the signature of its producer. */
export interface SignedMessage {
  /** The exact text of the message. */
  readonly message: string;
  readonly signature: { readonly key_id: string; readonly algorithm: string; readonly value: string };
}

/** Wraps the text of a message with a signature over its UTF-8 bytes. */
export function signMessage(text: string, key: SigningKey): SignedMessage {
  const bytes = Buffer.from(text);
  const signature =
    key.algorithm === 'ed25519'
      ? signBytes(null, bytes, key.privateKey)
      : createHmac('sha256', key.secret).update(bytes).digest();
  return {
    message: text,
    signature: { key_id: key.id, algorithm: key.algorithm, value: signature.toString('base64') },
  };
}
