import { Logger } from '@nestjs/common';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { Metrics } from '#telemetry';
import { EndpointStanding } from './endpoint-standing.js';
import { JsonRpcEndpoint } from './json-rpc-endpoint.js';
import { PoolMember } from './pool-member.js';
import { SettledBlock } from './settled-block.js';

describe('SettledBlock', () => {
  let now: number;
  let settled: SettledBlock;
  let north: PoolMember;
  let south: PoolMember;
  beforeEach(() => {
    Logger.overrideLogger(false);
    now = 1_000_000;
    settled = new SettledBlock(() => now);
    const metrics = new Metrics();
    [north, south] = [memberOf('north', metrics), memberOf('south', metrics)];
    settled.moveTo(90, '0xaa');
    settled.agreed('0xaa', [north, south]);
  });

  it('counts silent endpoints for ten minutes', () => {
    expect(settled.votesOf([north, south])).toBe(2);
    now += 599_999;
    expect(settled.votesOf([north, south])).toBe(2);
    settled.agreed('0xaa', [north]);
    now += 1;
    expect(settled.votesOf([north, south])).toBe(1);
  });

  it('does not count one that was found on another chain, or that never showed the block', () => {
    north.standing.putAside('forked', '');
    expect(settled.votesOf([north])).toBe(0);
    expect(settled.votesOf([memberOf('stranger', new Metrics())])).toBe(0);
  });

  it('says when those that count have another block than before', () => {
    const warn = vi.spyOn(Logger.prototype, 'warn');
    settled.agreed('0xaa', [north]);
    expect(warn).not.toHaveBeenCalled();
    settled.agreed('0xbb', [north, south]);
    expect(settled.hash).toBe('0xbb');
    expect(warn).toHaveBeenCalledOnce();
    warn.mockRestore();
  });
});

function memberOf(name: string, metrics: Metrics): PoolMember {
  return new PoolMember(new JsonRpcEndpoint(name, 'http://127.0.0.1:1', 1_000), new EndpointStanding(1_000), metrics);
}
