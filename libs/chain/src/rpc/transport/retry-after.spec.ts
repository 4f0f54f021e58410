import { expect, it } from 'vitest';
import { retryAfter } from './retry-after.js';

const NOW = Date.UTC(2026, 0, 1, 12, 0, 0);

it.each([
  [null, null],
  ['2', 2_000],
  [' 2 ', 2_000],
  ['0', 0],
  ['86400', 300_000],
  ['Thu, 01 Jan 2026 12:00:30 GMT', 30_000],
  ['Thu, 01 Jan 2026 11:00:00 GMT', 0],
  ['soon', null],
  ['', null],
])('reads %s as %s ms', (header, ms) => {
  expect(retryAfter(header, NOW)).toBe(ms);
});
