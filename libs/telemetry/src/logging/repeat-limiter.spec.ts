import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { RepeatLimiter } from './repeat-limiter.js';

const HOUR_MS = 60 * 60 * 1_000;

describe('RepeatLimiter', () => {
  let limiter: RepeatLimiter;
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['Date', 'performance'] });
    limiter = new RepeatLimiter();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('writes a condition that is found four times a second once a minute, and counts the lines between', () => {
    const held = { event: 'consumer.paused', reason: 'insufficient_funds' };
    const admitted: number[] = [];
    for (let ms = 0; ms < HOUR_MS; ms += 250) {
      const count = limiter.admit({ ...held, detail: `0.01 ether after ${ms} ms` });
      if (count !== null) admitted.push(count);
      vi.advanceTimersByTime(250);
    }
    expect(admitted).toHaveLength(60);
    expect(admitted.slice(0, 3)).toEqual([0, 239, 239]);
  });

  it.each([
    ['reason', { reason: 'fee_above_cap' }],
    ['lane', { lane: '0x2' }],
    ['error', { error: { name: 'RedisUnavailableError', code: 'READONLY' } }],
  ])('writes another %s at once', (_what, change) => {
    const held = { event: 'submission.failed', reason: 'insufficient_funds', lane: '0x1' };
    expect(limiter.admit(held)).toBe(0);
    expect(limiter.admit({ ...held, ...change })).toBe(0);
    expect(limiter.admit(held)).toBeNull();
  });

  it('knows every event of a loop that fails', () => {
    const sources = readdirSync('libs', { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts') && !file.endsWith('.spec.ts'))
      .map((file) => readFileSync(join('libs', file), 'utf8'));
    const events = sources.flatMap((source) =>
      [...source.matchAll(/event: '([a-z_.]+(?:failed|unavailable))'/g)].map(([, event]) => event),
    );
    // Happen once: a request that failed.
    const repeating = [...new Set(events)].filter((event) => event !== 'http.request_failed');
    expect(repeating).toContain('journal.write_failed');
    const unlimited = repeating.filter((event) => limiter.admit({ event }) !== 0 || limiter.admit({ event }) !== null);
    expect(unlimited).toEqual([]);
  });

  it('leaves out no event that happens once', () => {
    for (let time = 0; time < 3; time++) expect(limiter.admit({ event: 'token.deployed', model_id: 'm' })).toBe(0);
    expect(limiter.admit({ message: 'without an event' })).toBe(0);
  });

  it('remembers a thousand conditions at most and forgets the oldest first', () => {
    for (let nonce = 0; nonce <= 1_000; nonce++) limiter.admit({ event: 'transaction.read_failed', nonce });
    expect(limiter.admit({ event: 'transaction.read_failed', nonce: 1_000 })).toBeNull();
    expect(limiter.admit({ event: 'transaction.read_failed', nonce: 0 })).toBe(0);
  });
});
