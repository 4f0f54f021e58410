import { beforeEach, describe, expect, it } from 'vitest';
import { EndpointHealth } from './endpoint-health.js';

describe('EndpointHealth', () => {
  let now: number;
  let standing: EndpointHealth;
  beforeEach(() => {
    now = 1_000_000;
    standing = new EndpointHealth(
      1_000,
      () => now,
      () => 0.5,
    );
    standing.verified = true;
  });

  const pause = (): number => standing.nextProbeAt - now;

  it('is put aside by three failures in a row, and not by three with an answer between them', () => {
    standing.recordFailure('network_error', 'ECONNRESET', false);
    standing.recordFailure('network_error', 'ECONNRESET', false);
    standing.recordSuccess();
    standing.recordFailure('network_error', 'ECONNRESET', false);
    standing.recordFailure('network_error', 'ECONNRESET', false);
    expect(standing.inService).toBe(true);
    standing.recordFailure('network_error', 'ECONNRESET', false);
    expect(standing.exclusion).toEqual({ reason: 'unreachable', detail: 'ECONNRESET', since: now });
  });

  it('is put aside by one grave failure, or by any before its chain is known', () => {
    standing.recordFailure('timeout', 'no answer in time', true);
    expect(standing.exclusion?.reason).toBe('unreachable');
    const unknown = new EndpointHealth(1_000);
    unknown.recordFailure('http_error', 'HTTP 503', false);
    expect(unknown.exclusion?.reason).toBe('erring');
  });

  it('is put aside for its chain only when that is found twice in a row', () => {
    standing.reportMismatch('lagging', '9 blocks');
    expect([standing.inService, standing.suspect]).toEqual([true, true]);
    standing.readmit();
    standing.reportMismatch('forked', 'another block');
    expect(standing.inService).toBe(true);
    standing.reportMismatch('forked', 'another block');
    expect(standing.exclusion?.reason).toBe('forked');
    expect(standing.chainMismatch).toBe(true);
  });

  it('stays disowned until it is taken back, whatever else befalls it', () => {
    standing.exclude('forked', 'another block');
    standing.recordFailure('network_error', 'ECONNREFUSED', false);
    expect([standing.exclusion?.reason, standing.chainMismatch]).toEqual(['unreachable', true]);
    standing.readmit();
    expect([standing.inService, standing.chainMismatch]).toEqual([true, false]);
  });

  it('waits twice as long with every failure, ten seconds at most', () => {
    const pauses: number[] = [];
    for (let round = 0; round < 8; round += 1) {
      now = Math.max(now, standing.nextProbeAt);
      standing.recordFailure('timeout', '', true);
      pauses.push(pause());
    }
    expect(pauses).toEqual([1_000, 2_000, 4_000, 8_000, 10_000, 10_000, 10_000, 10_000]);
  });

  it('waits no longer for requests that were under way when it was put aside', () => {
    for (let request = 0; request < 16; request += 1) standing.recordThrottle('429', null);
    expect(pause()).toBe(1_000);
  });

  it('waits longer when it relapses soon, and begins anew after a minute of good service', () => {
    standing.exclude('erring', '');
    standing.readmit();
    now += 5_000;
    standing.exclude('erring', '');
    expect(pause()).toBe(2_000);
    standing.readmit();
    now += 61_000;
    standing.exclude('erring', '');
    expect(pause()).toBe(1_000);
  });

  it('spreads its pauses by a quarter to both sides', () => {
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

  it('is left alone as long as it asks, and no shorter than by its own pause', () => {
    standing.recordThrottle('429', 30_000);
    expect([standing.exclusion?.reason, pause()]).toEqual(['rate_limited', 30_000]);
    now = standing.nextProbeAt;
    standing.recordThrottle('429', 10);
    expect(pause()).toBe(2_000);
  });

  it('remembers since when, and shows why now', () => {
    standing.exclude('erring', 'HTTP 503');
    const { since } = standing.exclusion ?? {};
    now += 10_000;
    standing.exclude('wrong_chain', 'chain 5');
    expect(standing.exclusion).toEqual({ reason: 'wrong_chain', detail: 'chain 5', since });
  });

  it('does not let an answer that was overtaken count as the newest', () => {
    standing.reportHead(101, now + 10);
    standing.reportHead(100, now);
    expect(standing.head).toBe(101);
    standing.reportHead(99, now + 20);
    expect(standing.head).toBe(99);
  });

  it('evens out the times of its probes', () => {
    for (const ms of [100, 200, 300]) standing.recordLatency(ms);
    expect(standing.latencyMs).toBeCloseTo(200);
    for (let probe = 0; probe < 40; probe += 1) standing.recordLatency(50);
    expect(standing.latencyMs).toBeCloseTo(50, 0);
  });
});
