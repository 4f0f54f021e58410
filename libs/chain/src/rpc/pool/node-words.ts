const MAX_LENGTH = 200;
/** Characters that are looked at. */
const MAX_INPUT = 2_000;
const UNPRINTABLE = /[\p{C}\p{Z}]+/gu;
/** Letters mixed with digits, as in an access key or a hash; an address is neither. */
const KEY_LIKE = /\b(?!0x[\da-f]{40}\b)(?=\w*\d)(?=\w*[a-z])[\w-]{16,}/gi;

/**
 * A node's own words, fit to be shown to people: one line, bounded, without what may be an access key. The endpoint has
 * taken out the secrets that it knows.
 */
export function quoteNode(message: string): string {
  const line = message.slice(0, MAX_INPUT).replaceAll(UNPRINTABLE, ' ').replaceAll(KEY_LIKE, '…').trim();
  return line.length > MAX_LENGTH ? `${line.slice(0, MAX_LENGTH)}…` : line;
}
