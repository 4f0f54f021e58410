/**
 * Parses ISO 8601 text to Unix milliseconds. Text without an offset is UTC, as Python's `utcnow().isoformat()` writes
 * it. Null for anything else.
 */
export function toUnixMs(iso: string | null): number | null {
  if (iso === null) return null;
  const naive = /T[\d:.]+$/.test(iso);
  const instant = Date.parse(naive ? `${iso}Z` : iso);
  return Number.isNaN(instant) ? null : instant;
}

/** Finds the first `"timestamp": "…"` of a message, in payload or envelope. */
export function timestampIn(message: Uint8Array): number | null {
  const text = Buffer.from(message.buffer, message.byteOffset, message.byteLength).toString('latin1');
  return toUnixMs(/"timestamp"\s{0,8}:\s{0,8}"([^"\\]{10,40})"/.exec(text)?.[1] ?? null);
}
