import { beforeEach, describe, expect, it } from 'vitest';
import { MethodOutages } from './method-outages.js';

describe('MethodOutages', () => {
  let now: number;
  let outages: MethodOutages;
  beforeEach(() => {
    now = 1_000;
    outages = new MethodOutages(5_000, () => now);
  });

  const failFor = (ms: number): void => {
    const end = now + ms;
    for (; now < end; now += 1_000) outages.record('eth_call', 'eth_call on rpc-1: HTTP 500');
    outages.record('eth_call', 'eth_call on rpc-1: HTTP 502');
  };

  it('lists a method that keeps failing, with the latest reason', () => {
    failFor(5_000);
    expect(outages.details).toEqual(['eth_call on rpc-1: HTTP 502']);
  });

  it('does not list a single failure', () => {
    failFor(0);
    now += 10_000;
    expect(outages.details).toEqual([]);
  });

  it('ends when the method is answered', () => {
    failFor(5_000);
    outages.clear('eth_getLogs');
    expect(outages.details).toHaveLength(1);
    outages.clear('eth_call');
    expect(outages.details).toEqual([]);
  });

  it('ends when the method is not called any longer', () => {
    failFor(5_000);
    now += 29_999;
    expect(outages.details).toHaveLength(1);
    now += 1;
    expect(outages.details).toEqual([]);
    outages.record('eth_call', 'eth_call on rpc-1: HTTP 500');
    expect(outages.details).toEqual([]);
  });
});
