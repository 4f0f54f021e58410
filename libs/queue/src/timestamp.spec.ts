import { describe, expect, it } from 'vitest';
import { toUnixMs, timestampIn } from './timestamp.js';

const NOON = Date.UTC(2026, 0, 2, 12);

describe('toUnixMs', () => {
  it.each([
    ['2026-01-02T12:00:00', NOON],
    ['2026-01-02T12:00:00.123456', NOON + 123],
    ['2026-01-02T12:00:00Z', NOON],
    ['2026-01-02T14:00:00+02:00', NOON],
    ['2026-01-02T09:30:00-02:30', NOON],
    ['2026-01-02', NOON - 12 * 3_600_000],
    ['yesterday', null],
    ['', null],
    [null, null],
  ])('%j', (text, instant) => {
    expect(toUnixMs(text)).toBe(instant);
  });
});

describe('timestampIn', () => {
  it.each([
    ['{"message_id":"1","timestamp":"2026-01-02T12:00:00"}', NOON],
    ['{"payload":{"timestamp" : "2026-01-02T12:00:00Z"}}', NOON],
    ['{"timestamp":1767355200}', null],
    ['garbage', null],
    ['\xff\xfe', null],
  ])('%j', (message, instant) => {
    expect(timestampIn(Buffer.from(message, 'latin1'))).toBe(instant);
  });
});
