import { afterEach, expect, it, vi } from 'vitest';
import { retryAfter } from './retry-after.js';

const NOON = 'Thu, 01 Jan 2026 12:00:00 GMT';

afterEach(() => void vi.useRealTimers());

it.each([
  ['2', 2_000],
  [' 2 ', 2_000],
  ['0', 0],
  ['86400', 60_000],
  ['Fri, 01 Jan 2099 00:00:00 GMT', 60_000],
  ['Thu, 01 Jan 2026 12:00:30 GMT', 30_000],
  ['Thu, 01 Jan 2026 11:00:00 GMT', 0],
  ['soon', null],
  ['', null],
])('reads %s as %s ms by the clock of the node', (header, ms) => {
  expect(retryAfter(new Headers({ 'retry-after': header, date: NOON }))).toBe(ms);
});

it('reads a date by its own clock when the node does not say its time', () => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.parse(NOON) });
  expect(retryAfter(new Headers({ 'retry-after': 'Thu, 01 Jan 2026 12:00:30 GMT' }))).toBe(30_000);
});

it('finds nothing without the header', () => {
  expect(retryAfter(new Headers({ date: NOON }))).toBeNull();
});
