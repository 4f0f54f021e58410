import { beforeEach, describe, expect, it } from 'vitest';
import { EndpointStanding } from './endpoint-standing.js';

describe('EndpointStanding', () => {
  let now: number;
  let standing: EndpointStanding;
  beforeEach(() => {
    now = 1_000_000;
    standing = new EndpointStanding(
      1_000,
      () => now,
      () => 0.5,
    );
    standing.verified = true;
  });

  const pause = (): number => standing.askAgainAt - now;

  it('is put aside by three failures in a row, and not by three with an answer between them', () => {
    standing.failed('network_error', 'ECONNRESET', false);
    standing.failed('network_error', 'ECONNRESET', false);
    standing.answered();
    standing.failed('network_error', 'ECONNRESET', false);
    standing.failed('network_error', 'ECONNRESET', false);
    expect(standing.inService).toBe(true);
    standing.failed('network_error', 'ECONNRESET', false);
    expect(standing.aside).toEqual({ reason: 'unreachable', detail: 'ECONNRESET', since: now });
  });

  it('is put aside by one grave failure, or by any before its chain is known', () => {
    standing.failed('timeout', 'no answer in time', true);
    expect(standing.aside?.reason).toBe('unreachable');
    const unknown = new EndpointStanding(1_000);
    unknown.failed('http_error', 'HTTP 503', false);
    expect(unknown.aside?.reason).toBe('erring');
  });

  it('is put aside for its chain only when that is found twice in a row', () => {
    standing.found('lagging', '9 blocks');
    expect([standing.inService, standing.suspect]).toEqual([true, true]);
    standing.admit();
    standing.found('forked', 'another block');
    expect(standing.inService).toBe(true);
    standing.found('forked', 'another block');
    expect(standing.aside?.reason).toBe('forked');
    expect(standing.disowned).toBe(true);
  });

  it('stays disowned until it is taken back, whatever else befalls it', () => {
    standing.putAside('forked', 'another block');
    standing.failed('network_error', 'ECONNREFUSED', false);
    expect([standing.aside?.reason, standing.disowned]).toEqual(['unreachable', true]);
    standing.admit();
    expect([standing.inService, standing.disowned]).toEqual([true, false]);
  });

  it('waits twice as long with every failure, ten seconds at most', () => {
    const pauses: number[] = [];
    for (let round = 0; round < 8; round += 1) {
      now = Math.max(now, standing.askAgainAt);
      standing.failed('timeout', '', true);
      pauses.push(pause());
    }
    expect(pauses).toEqual([1_000, 2_000, 4_000, 8_000, 10_000, 10_000, 10_000, 10_000]);
  });

  it('waits no longer for requests that were under way when it was put aside', () => {
    for (let request = 0; request < 16; request += 1) standing.throttled('429', null);
    expect(pause()).toBe(1_000);
  });

  it('waits longer when it relapses soon, and begins anew after a minute of good service', () => {
    standing.putAside('erring', '');
    standing.admit();
    now += 5_000;
    standing.putAside('erring', '');
    expect(pause()).toBe(2_000);
    standing.admit();
    now += 61_000;
    standing.putAside('erring', '');
    expect(pause()).toBe(1_000);
  });

  it('spreads its pauses by a quarter to both sides', () => {
    const earliest = new EndpointStanding(
      1_000,
      () => now,
      () => 0,
    );
    const latest = new EndpointStanding(
      1_000,
      () => now,
      () => 0.999,
    );
    for (const one of [earliest, latest]) one.putAside('erring', '');
    expect(earliest.askAgainAt - now).toBe(750);
    expect(latest.askAgainAt - now).toBeCloseTo(1_250, -1);
  });

  it('is left alone as long as it asks, and no shorter than by its own pause', () => {
    standing.throttled('429', 30_000);
    expect([standing.aside?.reason, pause()]).toEqual(['rate_limited', 30_000]);
    now = standing.askAgainAt;
    standing.throttled('429', 10);
    expect(pause()).toBe(2_000);
  });

  it('remembers since when, and shows why now', () => {
    standing.putAside('erring', 'HTTP 503');
    const { since } = standing.aside ?? {};
    now += 10_000;
    standing.putAside('wrong_chain', 'chain 5');
    expect(standing.aside).toEqual({ reason: 'wrong_chain', detail: 'chain 5', since });
  });

  it('does not let an answer that was overtaken count as the newest', () => {
    standing.showed(101, now + 10);
    standing.showed(100, now);
    expect(standing.head).toBe(101);
    standing.showed(99, now + 20);
    expect(standing.head).toBe(99);
  });

  it('evens out the times of its probes', () => {
    for (const ms of [100, 200, 300]) standing.timed(ms);
    expect(standing.latencyMs).toBeCloseTo(200);
    for (let probe = 0; probe < 40; probe += 1) standing.timed(50);
    expect(standing.latencyMs).toBeCloseTo(50, 0);
  });
});
