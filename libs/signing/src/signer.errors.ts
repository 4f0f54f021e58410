import { HoldError } from '#core';

const MAX_WORDS = 200;

/** A signer does not answer, or refuses to sign. A later attempt may succeed. */
export class SignerUnavailableError extends HoldError {
  /**
   * @param signer name without secrets
   * @param words what the provider said
   */
  constructor(signer: string, words: string, options?: ErrorOptions) {
    super('signer_unavailable', `${signer}: ${printable(words)}`, options);
    this.name = 'SignerUnavailableError';
  }
}

/** A signer returned something other than what it was asked for. Nothing of it is used. */
export class SignerMismatchError extends Error {
  /** @param found noun phrase, such as `a transaction with another nonce than asked for` */
  constructor(found: string, options?: ErrorOptions) {
    super(found, options);
    this.name = 'SignerMismatchError';
  }
}

/** Returns a text from outside on one line, without control characters. */
function printable(words: string): string {
  const text = words.replaceAll(/\p{C}+/gu, ' ').trim();
  return text.length > MAX_WORDS ? `${text.slice(0, MAX_WORDS)}…` : text;
}
