import { Logger } from '@nestjs/common';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ChainConfig } from '#config';
import { HoldRegistry } from '#core';
import { Metrics } from '#telemetry';
import { MockRpcNode } from '../../../../../test/support/rpc/mock-rpc-node.js';
import { until } from '../../../../../test/support/until.js';
import { ChainHead } from '../../head/chain-head.worker.js';
import { RpcHealth } from './rpc.health.js';
import { ChainReader } from '../chain-reader.js';
import { JsonRpcEndpoint } from '../transport/json-rpc-endpoint.js';
import { RpcPool } from '../pool/rpc-pool.js';

const BLOCK = { number: '0x10', hash: `0x${'ab'.repeat(32)}`, timestamp: '0x6553f100', gasLimit: '0x1c9c380' };

describe('RpcHealth', () => {
  let nodes: readonly MockRpcNode[];
  let head: ChainHead;
  let probe: RpcHealth;
  beforeEach(async () => {
    Logger.overrideLogger(false);
    nodes = await Promise.all([0, 1].map(() => MockRpcNode.start({ eth_getBlockByNumber: () => BLOCK })));
    const metrics = new Metrics();
    const pool = new RpcPool(
      nodes.map(({ url }, index) => new JsonRpcEndpoint(`node-${index}`, url, 1_000)),
      metrics,
    );
    const holds = new HoldRegistry();
    const config = Object.assign(new ChainConfig(), { confirmations: 1, blockPollIntervalMs: 10 });
    head = new ChainHead(new ChainReader(pool), config, holds, metrics);
    probe = new RpcHealth(head, holds, pool);
  });
  afterEach(async () => {
    await head.stop();
    await Promise.all(nodes.map((node) => node.stop()));
  });

  it('is up after the first block', async () => {
    expect(await probe.check()).toEqual({ status: 'degraded', detail: 'no block seen yet' });
    head.start();
    await until('a block', () => head.current !== null);
    expect(await probe.check()).toEqual({ status: 'up', detail: 'block 16' });
  });

  it('names excluded endpoints with the reason, without URLs', async () => {
    head.start();
    await until('a block', () => head.current !== null);
    for (const node of nodes) node.reply = (response) => response.writeHead(429, { 'retry-after': '60' }).end();
    await until('both excluded', async () => (await probe.check()).detail?.includes('node-1'));
    const { status, detail } = await probe.check();
    expect(status).toBe('degraded');
    expect(detail).toMatch(
      /^eth_getBlockByNumber.*node-0.*HTTP 429.*; node-0 excluded for 0 s: rate_limited \(eth_getBlockByNumber on node-0: HTTP 429\); node-1 excluded/,
    );
    expect(detail).not.toContain('127.0.0.1');
  });
});
