import { beforeEach, describe, expect, it } from 'vitest';
import { EndpointHealth } from './endpoint-health.js';

describe('EndpointHealth', () => {
  let now: number;
  let health: EndpointHealth;
  beforeEach(() => {
    now = 1_000_000;
    health = new EndpointHealth(
      1_000,
      () => now,
      () => 0.5,
    );
    health.verified = true;
  });

  const pause = (): number => health.nextProbeAt - now;

  it('is excluded after three consecutive failures, but not after three with an answer between them', () => {
    health.recordFailure('network_error', 'ECONNRESET', false);
    health.recordFailure('network_error', 'ECONNRESET', false);
    health.recordSuccess();
    health.recordFailure('network_error', 'ECONNRESET', false);
    health.recordFailure('network_error', 'ECONNRESET', false);
    expect(health.inService).toBe(true);
    health.recordFailure('network_error', 'ECONNRESET', false);
    expect(health.exclusion).toEqual({ reason: 'unreachable', detail: 'ECONNRESET', since: now });
  });

  it('is excluded after one immediate failure, or after any before its chain is verified', () => {
    health.recordFailure('timeout', 'no answer in time', true);
    expect(health.exclusion?.reason).toBe('unreachable');
    const unknown = new EndpointHealth(1_000);
    unknown.recordFailure('http_error', 'HTTP 503', false);
    expect(unknown.exclusion?.reason).toBe('erring');
  });

  it('is excluded for its chain after two consecutive mismatches', () => {
    health.reportMismatch('lagging', '9 blocks');
    expect([health.inService, health.suspect]).toEqual([true, true]);
    health.readmit();
    health.reportMismatch('forked', 'another block');
    expect(health.inService).toBe(true);
    health.reportMismatch('forked', 'another block');
    expect(health.exclusion?.reason).toBe('forked');
    expect(health.chainMismatch).toBe(true);
  });

  it('keeps the chain mismatch until it is readmitted', () => {
    health.exclude('forked', 'another block');
    health.recordFailure('network_error', 'ECONNREFUSED', false);
    expect([health.exclusion?.reason, health.chainMismatch]).toEqual(['unreachable', true]);
    health.readmit();
    expect([health.inService, health.chainMismatch]).toEqual([true, false]);
  });

  it('doubles the backoff with every failure up to ten seconds', () => {
    const pauses: number[] = [];
    for (let round = 0; round < 8; round += 1) {
      now = Math.max(now, health.nextProbeAt);
      health.recordFailure('timeout', '', true);
      pauses.push(pause());
    }
    expect(pauses).toEqual([1_000, 2_000, 4_000, 8_000, 10_000, 10_000, 10_000, 10_000]);
  });

  it('does not extend the backoff for requests that started before the exclusion', () => {
    for (let request = 0; request < 16; request += 1) health.recordThrottle('429', null);
    expect(pause()).toBe(1_000);
  });

  it('doubles the backoff for an early repeated exclusion, and resets it after a minute in service', () => {
    health.exclude('erring', '');
    health.readmit();
    now += 5_000;
    health.exclude('erring', '');
    expect(pause()).toBe(2_000);
    health.readmit();
    now += 61_000;
    health.exclude('erring', '');
    expect(pause()).toBe(1_000);
  });

  it('spreads the backoff by a quarter in both directions', () => {
    const earliest = new EndpointHealth(
      1_000,
      () => now,
      () => 0,
    );
    const latest = new EndpointHealth(
      1_000,
      () => now,
      () => 0.999,
    );
    for (const one of [earliest, latest]) one.exclude('erring', '');
    expect(earliest.nextProbeAt - now).toBe(750);
    expect(latest.nextProbeAt - now).toBeCloseTo(1_250, -1);
  });

  it('waits at least for Retry-After and for its backoff', () => {
    health.recordThrottle('429', 30_000);
    expect([health.exclusion?.reason, pause()]).toEqual(['rate_limited', 30_000]);
    now = health.nextProbeAt;
    health.recordThrottle('429', 10);
    expect(pause()).toBe(2_000);
  });

  it('keeps the time of the exclusion and the latest reason', () => {
    health.exclude('erring', 'HTTP 503');
    const { since } = health.exclusion ?? {};
    now += 10_000;
    health.exclude('wrong_chain', 'chain 5');
    expect(health.exclusion).toEqual({ reason: 'wrong_chain', detail: 'chain 5', since });
  });

  it('ignores a head that was requested before the latest one', () => {
    health.reportHead(101, now + 10);
    health.reportHead(100, now);
    expect(health.head).toBe(101);
    health.reportHead(99, now + 20);
    expect(health.head).toBe(99);
  });

  it('averages the durations of its probes', () => {
    for (const ms of [100, 200, 300]) health.recordLatency(ms);
    expect(health.latencyMs).toBeCloseTo(200);
    for (let probe = 0; probe < 40; probe += 1) health.recordLatency(50);
    expect(health.latencyMs).toBeCloseTo(50, 0);
  });
});
