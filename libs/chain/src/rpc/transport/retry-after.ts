import { unixNow } from '#core';

/** A provider that asks for more than this is asked again all the same, once, so that a hold ends soon after its reason. */
const LONGEST_MS = 60_000;

/**
 * Milliseconds that a `Retry-After` header asks for: seconds or an HTTP date (RFC 9110 10.2.3), one minute at most. A
 * date counts from the `Date` of the response, which the same clock wrote. Null when there is none that can be read.
 */
export function retryAfter(headers: Pick<Headers, 'get'>): number | null {
  const asked = headers.get('retry-after');
  if (asked === null) return null;
  const ms = /^\s*\d+\s*$/.test(asked) ? Number(asked) * 1000 : Date.parse(asked) - respondedAt(headers);
  return Number.isFinite(ms) ? Math.min(Math.max(ms, 0), LONGEST_MS) : null;
}

function respondedAt(headers: Pick<Headers, 'get'>): number {
  const date = Date.parse(headers.get('date') ?? '');
  return Number.isNaN(date) ? unixNow() : date;
}
