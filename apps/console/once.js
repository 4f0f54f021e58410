import { uniqueKey } from './unique-key.js';

/**
 * The idempotency keys of one dialog: the same request gets the same key, so that pressing a button again after a lost answer does
 * nothing twice.
 */
export class OncePerRequest {
  /** @type {Map<string, string>} */
  #keys = new Map();

  /** @param {object} body */
  keyFor(body) {
    const text = JSON.stringify(body);
    const key = this.#keys.get(text) ?? uniqueKey();
    this.#keys.set(text, key);
    return key;
  }
}
