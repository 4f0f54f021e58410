const MAX_LENGTH = 200;
/** Maximum characters that are processed. */
const MAX_INPUT = 2_000;
const UNPRINTABLE = /[\p{C}\p{Z}]+/gu;
/** Matches letters mixed with digits, such as an access key or a hash, but no address. */
const KEY_LIKE = /\b(?!0x[\da-f]{40}\b)(?=\w*\d)(?=\w*[a-z])[\w-]{16,}/gi;

/**
 * Quotes a node's error text in one bounded line, without possible access keys. The transport has redacted the secrets of
 * the URL.
 */
export function quoteNode(message: string): string {
  const line = message.slice(0, MAX_INPUT).replaceAll(UNPRINTABLE, ' ').replaceAll(KEY_LIKE, '…').trim();
  return line.length > MAX_LENGTH ? `${line.slice(0, MAX_LENGTH)}…` : line;
}
