import { MessageRejectedError } from '#core';

// A byte order mark is kept: it is part of the bytes, and neither JSON.parse nor Python's json.loads takes it.
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The text of the bytes; null when they are not UTF-8. Encoding the text again gives exactly the bytes. */
export function decodeUtf8(bytes: Uint8Array): string | null {
  try {
    return utf8.decode(bytes);
  } catch {
    return null;
  }
}

/** The parsed text; undefined when it is not JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * Reads bytes as JSON.
 *
 * @throws MessageRejectedError `too_large`, `invalid_encoding` or `invalid_json`
 */
export function readJson(bytes: Uint8Array, maxBytes: number): unknown {
  if (bytes.byteLength > maxBytes) {
    throw new MessageRejectedError(
      'too_large',
      `The message must be at most ${maxBytes} bytes long, got ${bytes.byteLength} bytes.`,
    );
  }
  const text = decodeUtf8(bytes);
  if (text === null)
    throw new MessageRejectedError('invalid_encoding', 'The message must be UTF-8 text, got other bytes.');
  const json = parseJson(text);
  if (json === undefined) throw new MessageRejectedError('invalid_json', notJson(text));
  return json;
}

function notJson(text: string): string {
  if (text === '') return 'The message must be a JSON object, got no bytes at all.';
  if (text.startsWith('\uFEFF')) return 'The message must be JSON without a byte order mark before it.';
  const token = pythonFloatToken(text);
  if (token === null) return 'The message must be JSON, got text that does not parse.';
  return `The message must be JSON, got the token ${token}, which Python writes for a float that is not finite.`;
}

// Linear for every text: each alternative consumes what it starts on, up to the end of the text if need be.
const STRING_OR_TOKEN = /"[^"\\]*(?:\\[^]?[^"\\]*)*(?:"|$)|-?Infinity|NaN/g;

/** The first token outside a string that Python's json.dumps writes and RFC 8259 does not know. */
function pythonFloatToken(text: string): string | null {
  for (const [match] of text.matchAll(STRING_OR_TOKEN)) {
    if (!match.startsWith('"')) return match;
  }
  return null;
}
