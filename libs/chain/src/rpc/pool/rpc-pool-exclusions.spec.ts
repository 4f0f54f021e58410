import { Logger } from '@nestjs/common';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Metrics } from '#telemetry';
import { type MethodMock, MockRpcNode } from '../../../../../test/support/rpc/mock-rpc-node.js';
import { until } from '../../../../../test/support/until.js';
import { JsonRpcEndpoint } from '../transport/json-rpc-endpoint.js';
import { RpcUnavailableError } from '../rpc.errors.js';
import { RpcPool } from './rpc-pool.js';

const asIs = (result: unknown): unknown => result;
/** Some tests wait for it. */
const TIMEOUT_MS = 500;

/** A node whose newest block has this number. */
const chain = (number: number): Readonly<Record<string, MethodMock>> => ({
  eth_chainId: () => '0x1',
  eth_getBlockByNumber: () => ({ number: `0x${number.toString(16)}`, timestamp: '0x1' }),
  eth_gasPrice: () => '0x7',
  eth_sendRawTransaction: () => `0x${'ab'.repeat(32)}`,
});

describe('excluded endpoints of RpcPool', () => {
  let first: MockRpcNode;
  let second: MockRpcNode;
  let metrics: Metrics;
  let pool: RpcPool;
  beforeEach(async () => {
    Logger.overrideLogger(false);
    [first, second] = await Promise.all([MockRpcNode.start(chain(1)), MockRpcNode.start(chain(1))]);
    metrics = new Metrics();
    pool = poolOf(first, second);
  });
  afterEach(() => Promise.all([first.stop(), second.stop()]));

  const poolOf = (...nodes: readonly MockRpcNode[]): RpcPool => {
    const endpoints = nodes.map(({ url }, index) => new JsonRpcEndpoint(`rpc-${index + 1}`, url, TIMEOUT_MS));
    return new RpcPool(endpoints, metrics);
  };

  const sends = async (endpoint: string, outcome: string): Promise<number> => {
    const { values } = await metrics.rpcRequestsTotal.get();
    const found = values.find(
      ({ labels }) =>
        labels.endpoint === endpoint && labels.outcome === outcome && labels.method === 'eth_sendRawTransaction',
    );
    return found?.value ?? 0;
  };

  it('get no request, and are probed before they are readmitted', async () => {
    first.reply = () => undefined;
    await pool.call('eth_gasPrice', [], asIs);
    expect(pool.exclusions).toMatchObject([{ endpoint: 'rpc-1', reason: 'unreachable' }]);
    first.reply = null;
    const before = first.calls.length;
    await pool.call('eth_gasPrice', [], asIs);
    expect(first.calls).toHaveLength(before);
    second.failAll();
    await until(
      'the first to be due',
      async () => (await pool.call('eth_gasPrice', [], asIs).catch(() => null)) === '0x7',
    );
    expect(first.calls.slice(before).map(({ method }) => method)).toEqual([
      'eth_chainId',
      'eth_getBlockByNumber',
      'eth_gasPrice',
    ]);
    expect(pool.exclusions.map(({ endpoint }) => endpoint)).not.toContain('rpc-1');
  });

  it('get no request during Retry-After, even when no other endpoint is left', async () => {
    first.reply = (response) => response.writeHead(429, { 'retry-after': '60' }).end();
    const single = poolOf(first);
    await expect(single.call('eth_gasPrice', [], asIs)).rejects.toBeInstanceOf(RpcUnavailableError);
    const asked = first.headers.length;
    await expect(single.call('eth_gasPrice', [], asIs)).rejects.toThrow('rpc-1 is rate_limited');
    expect(first.headers).toHaveLength(asked);
  });

  it('get no transaction while another endpoint is in service, and every one when none is', async () => {
    for (const node of [first, second]) node.methods = chain(1);
    first.failAll();
    for (let failure = 0; failure < 3; failure += 1) {
      await pool.send('0x01');
      await until('its answer', async () => (await sends('rpc-1', 'http_error')) > failure);
    }
    expect(pool.exclusions).toHaveLength(1);
    first.calls.length = 0;
    expect(await pool.send('0x02')).toMatchObject({ result: 'accepted' });
    expect(first.calls).toEqual([]);
    second.reply = () => undefined;
    expect(await pool.send('0x03')).toMatchObject({ result: 'unavailable', refusedByAll: false });
    await pool.send('0x04');
    expect(first.calls).toEqual([{ method: 'eth_sendRawTransaction', params: ['0x04'] }]);
  });

  it('share one probe among concurrent requests', async () => {
    first.reply = () => undefined;
    const single = poolOf(first);
    await single.call('eth_gasPrice', [], asIs).catch(() => undefined);
    first.reply = null;
    first.calls.length = 0;
    await Promise.all(Array.from({ length: 20 }, () => single.call('eth_gasPrice', [], asIs)));
    expect(first.calls.filter(({ method }) => method === 'eth_chainId')).toHaveLength(1);
  });

  it('serve no read before they have the latest returned block', async () => {
    first.methods = chain(9);
    second.methods = chain(8);
    await pool.call('eth_getBlockByNumber', ['latest', false], asIs);
    first.failAll();
    await expect(pool.call('eth_gasPrice', [], asIs)).rejects.toBeInstanceOf(RpcUnavailableError);
    expect(second.calls.map(({ method }) => method)).not.toContain('eth_gasPrice');
    second.methods = chain(9);
    expect(await pool.call('eth_gasPrice', [], asIs)).toBe('0x7');
  });
});
