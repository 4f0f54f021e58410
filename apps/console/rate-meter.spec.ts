import { describe, expect, it } from 'vitest';
import { RateMeter } from './rate-meter.js';

describe('RateMeter', () => {
  it('knows nothing before the second reading', () => {
    const meter = new RateMeter();
    expect(meter.perMinute()).toBeNull();
    meter.add('a', 0, 100);
    expect(meter.perMinute()).toBeNull();
  });

  it('counts what came between the readings, per minute', () => {
    const meter = new RateMeter();
    meter.add('a', 0, 100);
    meter.add('a', 15_000, 130);
    expect(meter.perMinute()).toBe(120);
  });

  it('looks back one minute only', () => {
    const meter = new RateMeter();
    meter.add('a', 0, 0);
    meter.add('a', 30_000, 1000);
    meter.add('a', 90_000, 1000);
    expect(meter.perMinute()).toBe(0);
  });

  it('never takes the difference between two replicas for a rate, and sums theirs', () => {
    const meter = new RateMeter();
    meter.add('a', 0, 1_000_000);
    meter.add('b', 1000, 5);
    expect(meter.perMinute()).toBeNull();
    meter.add('a', 10_000, 1_000_010);
    meter.add('b', 11_000, 7);
    expect(meter.perMinute()).toBe(60 + 12);
  });

  it('forgets a replica that is gone', () => {
    const meter = new RateMeter();
    meter.add('gone', 0, 0);
    meter.add('gone', 1000, 1000);
    meter.add('a', 70_000, 0);
    meter.add('a', 80_000, 0);
    expect(meter.perMinute()).toBe(0);
  });

  it('restarts when a counter was reset', () => {
    const meter = new RateMeter();
    meter.add('a', 0, 500);
    meter.add('a', 10_000, 3);
    expect(meter.perMinute()).toBeNull();
    meter.add('a', 20_000, 4);
    expect(meter.perMinute()).toBe(6);
  });
});
