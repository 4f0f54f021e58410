/**
 * 128 random bits. `crypto.randomUUID` is there on https and localhost only, and a console may be reached by plain http.
 */
export function uniqueKey() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
