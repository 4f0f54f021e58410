import { Logger } from '@nestjs/common';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { Metrics } from '#telemetry';
import { EndpointHealth } from './endpoint-health.js';
import { JsonRpcEndpoint } from '../transport/json-rpc-endpoint.js';
import { PooledEndpoint } from '../pool/pooled-endpoint.js';
import { CheckpointBlock } from './checkpoint-block.js';

describe('CheckpointBlock', () => {
  let now: number;
  let settled: CheckpointBlock;
  let north: PooledEndpoint;
  let south: PooledEndpoint;
  beforeEach(() => {
    Logger.overrideLogger(false);
    now = 1_000_000;
    settled = new CheckpointBlock(() => now);
    const metrics = new Metrics();
    [north, south] = [memberOf('north', metrics), memberOf('south', metrics)];
    settled.moveTo(90, '0xaa');
    settled.setAgreed('0xaa', [north, south]);
  });

  it('counts silent endpoints for ten minutes', () => {
    expect(settled.votesOf([north, south])).toBe(2);
    now += 599_999;
    expect(settled.votesOf([north, south])).toBe(2);
    settled.setAgreed('0xaa', [north]);
    now += 1;
    expect(settled.votesOf([north, south])).toBe(1);
  });

  it('does not count an endpoint with a chain mismatch or one that never returned the block', () => {
    north.health.exclude('forked', '');
    expect(settled.votesOf([north])).toBe(0);
    expect(settled.votesOf([memberOf('stranger', new Metrics())])).toBe(0);
  });

  it('logs when the voting endpoints agree on another block', () => {
    const warn = vi.spyOn(Logger.prototype, 'warn');
    settled.setAgreed('0xaa', [north]);
    expect(warn).not.toHaveBeenCalled();
    settled.setAgreed('0xbb', [north, south]);
    expect(settled.hash).toBe('0xbb');
    expect(warn).toHaveBeenCalledOnce();
    warn.mockRestore();
  });
});

function memberOf(name: string, metrics: Metrics): PooledEndpoint {
  return new PooledEndpoint(new JsonRpcEndpoint(name, 'http://127.0.0.1:1', 1_000), new EndpointHealth(1_000), metrics);
}
