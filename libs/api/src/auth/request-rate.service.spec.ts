import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ApiSettings } from '../api-settings.js';
import { RequestRate } from './request-rate.service.js';

describe('RequestRate', () => {
  let rate: RequestRate;
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['performance'] });
    const tokens = { operateToken: null, readToken: null };
    rate = new RequestRate(new ApiSettings({ ...tokens, serviceName: 's', version: '1', requestsPerMinute: 20_000 }));
  });
  afterEach(() => vi.useRealTimers());

  const countAll = (token: string, requests: number, isChange: boolean): readonly number[] =>
    Array.from({ length: requests }, () => rate.count(token, isChange)).filter((waitMs) => waitMs > 0);

  it('makes a token wait for the end of its minute, and no other token', () => {
    expect(countAll('a', 20_000, false)).toEqual([]);
    vi.advanceTimersByTime(45_000);
    expect(rate.count('a', false)).toBe(15_000);
    expect(rate.count('b', false)).toBe(0);
    vi.advanceTimersByTime(15_000);
    expect(rate.count('a', false)).toBe(0);
  });

  it('makes a token wait for the end of its hour after 10,000 changes, and lets it read', () => {
    expect(countAll('a', 10_000, true)).toEqual([]);
    vi.advanceTimersByTime(1_800_000);
    expect(rate.count('a', true)).toBe(1_800_000);
    expect(rate.count('a', false)).toBe(0);
    vi.advanceTimersByTime(1_800_000);
    expect(rate.count('a', true)).toBe(0);
  });
});
