/** A provider that asks for more than this is asked again all the same, once. */
const LONGEST_MS = 300_000;

/**
 * Milliseconds that a `Retry-After` header asks for: seconds or an HTTP date (RFC 9110 10.2.3), five minutes at most.
 * Null when there is none that can be read.
 */
export function retryAfter(header: string | null, now: number = Date.now()): number | null {
  if (header === null) return null;
  const ms = /^\s*\d+\s*$/.test(header) ? Number(header) * 1000 : Date.parse(header) - now;
  return Number.isFinite(ms) ? Math.min(Math.max(ms, 0), LONGEST_MS) : null;
}
