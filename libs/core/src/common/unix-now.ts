/**
 * Returns Unix milliseconds, for an instant that is stored, shown or compared with one from outside. The wall clock may
 * step in both directions: measure every interval with `performance.now()`.
 */
export function unixNow(): number {
  // oxlint-disable-next-line eslint/no-restricted-properties -- the only place
  return Date.now();
}
