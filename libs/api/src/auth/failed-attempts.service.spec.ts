import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FailedAttempts } from './failed-attempts.service.js';

describe('FailedAttempts', () => {
  let attempts: FailedAttempts;
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['Date', 'performance'] });
    attempts = new FailedAttempts();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  function fail(address: string, times: number): void {
    for (let time = 0; time < times; time++) attempts.count(address);
  }

  it('lets an address fail nine times in a minute, and makes it wait for the rest of it after the tenth', () => {
    fail('a', 9);
    expect(attempts.waitMs('a')).toBe(0);
    vi.advanceTimersByTime(20_000);
    fail('a', 1);
    expect(attempts.waitMs('a')).toBe(40_000);
    expect(attempts.waitMs('b')).toBe(0);
  });

  it('begins a new window when one is over', () => {
    fail('a', 10);
    vi.advanceTimersByTime(60_000);
    expect(attempts.waitMs('a')).toBe(0);
    fail('a', 9);
    expect(attempts.waitMs('a')).toBe(0);
    fail('a', 1);
    expect(attempts.waitMs('a')).toBe(60_000);
  });

  it('remembers ten thousand addresses at most and forgets the oldest first', () => {
    fail('first', 10);
    fail('second', 10);
    for (let address = 0; address < 9_999; address++) attempts.count(`other-${address}`);
    expect(attempts.waitMs('first')).toBe(0);
    expect(attempts.waitMs('second')).toBe(60_000);
  });
});
