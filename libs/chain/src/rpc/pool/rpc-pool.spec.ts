import { Logger } from '@nestjs/common';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Metrics } from '#telemetry';
import { MockRpcError, MockRpcNode } from '../../../../../test/support/rpc/mock-rpc-node.js';
import { until } from '../../../../../test/support/until.js';
import { JsonRpcEndpoint } from '../transport/json-rpc-endpoint.js';
import { RpcError, RpcUnavailableError } from '../rpc.errors.js';
import { RpcPool } from './rpc-pool.js';
import type { SendReport, SendResult } from './send-result.js';

const asIs = (result: unknown): unknown => result;

const refusing =
  (code: number, message: string, data?: unknown): (() => never) =>
  () => {
    throw new MockRpcError(code, message, data);
  };

const hash = (): string => `0x${'ab'.repeat(32)}`;

describe('RpcPool', () => {
  let first: MockRpcNode;
  let second: MockRpcNode;
  let metrics: Metrics;
  let pool: RpcPool;
  beforeEach(async () => {
    Logger.overrideLogger(false);
    const script = { eth_blockNumber: () => '0x1', echo: (params: readonly unknown[]) => params[0] };
    first = await MockRpcNode.start(script);
    second = await MockRpcNode.start(script);
    metrics = new Metrics();
    pool = poolWaiting(60_000, 60_000);
  });
  afterEach(() => Promise.all([first.stop(), second.stop()]));

  /** @param timeouts of the two endpoints, in milliseconds */
  function poolWaiting(...timeouts: readonly [number, number]): RpcPool {
    const endpoints = [first, second].map(
      ({ url }, index) => new JsonRpcEndpoint(`rpc-${index + 1}`, url, timeouts[index] ?? 0),
    );
    return new RpcPool(endpoints, metrics);
  }

  it('requests only the first endpoint as long as it answers', async () => {
    await pool.call('eth_blockNumber', [], asIs);
    await pool.call('eth_blockNumber', [], asIs);
    expect([first.calls.length, second.calls.length]).toEqual([2, 0]);
  });

  it('requests the next endpoint when the first does not answer, and stays with it', async () => {
    first.failAll();
    expect(await pool.call('eth_blockNumber', [], asIs)).toBe('0x1');
    first.reply = null;
    await pool.call('eth_blockNumber', [], asIs);
    expect([first.calls.length, second.calls.length]).toEqual([1, 2]);
  });

  it('returns to the first endpoint when the second fails', async () => {
    first.failAll();
    await pool.call('eth_blockNumber', [], asIs);
    first.reply = null;
    second.failAll();
    expect(await pool.call('eth_blockNumber', [], asIs)).toBe('0x1');
  });

  it('throws RpcUnavailableError when no endpoint answers', async () => {
    first.failAll();
    second.failAll();
    await expect(pool.call('eth_blockNumber', [], asIs)).rejects.toBeInstanceOf(RpcUnavailableError);
  });

  it('throws a permanent error of a node without another request', async () => {
    first.methods = { eth_call: refusing(3, 'execution reverted', '0x6d5703c2') };
    await expect(pool.call('eth_call', [], asIs)).rejects.toMatchObject({ code: 3, data: '0x6d5703c2' });
    expect(second.calls).toEqual([]);
  });

  it.each([
    [-32005, 'daily request count exceeded, request rate limited'],
    [-32005, 'limit exceeded'],
    [429, 'Your app has exceeded its compute units per second capacity'],
    [-32000, 'header not found'],
    [-39001, 'Unknown block'],
    [-32603, 'BlockOutOfRangeError: block height is 7 but requested was 9'],
    [-32000, 'Too Many Requests'],
    [-32008, 'Response is too big'],
    [-32003, 'response too large'],
  ])('requests the next endpoint when the first returns %i %s', async (code, message) => {
    first.methods = { eth_call: refusing(code, message) };
    second.methods = { eth_call: () => '0xabcd' };
    expect(await pool.call('eth_call', [], asIs)).toBe('0xabcd');
  });

  // The same code -32005, and yet every node would say it again.
  it.each([
    ['besu', 'Requested range exceeds maximum RPC range limit'],
    ['infura', 'query returned more than 10000 results'],
    ['alchemy', 'Log response size exceeded'],
    ['others', 'eth_getLogs block range is too large, range: 10000, max: 1000'],
  ])('throws the range limit of %s', async (_who, message) => {
    first.methods = { eth_getLogs: refusing(-32005, message) };
    second.methods = { eth_getLogs: () => [] };
    await expect(pool.call('eth_getLogs', [], asIs)).rejects.toBeInstanceOf(RpcError);
    expect(second.calls).toEqual([]);
  });

  it('throws RpcUnavailableError when every endpoint throttles', async () => {
    first.methods = { eth_call: refusing(-32005, 'rate limit exceeded') };
    second.methods = { eth_call: refusing(-32005, 'rate limit exceeded') };
    await expect(pool.call('eth_call', [], asIs)).rejects.toBeInstanceOf(RpcUnavailableError);
  });

  it.each([
    [-32600, 'not now'],
    [-32000, 'gas limit reached'],
  ])('names method and endpoints when each refuses the latest block with %i %s', async (code, message) => {
    for (const node of [first, second]) node.methods = { eth_getBlockByNumber: refusing(code, message) };
    await expect(pool.call('eth_getBlockByNumber', ['latest', false], asIs)).rejects.toMatchObject({
      name: 'RpcUnavailable',
      message: [1, 2].map((n) => `eth_getBlockByNumber on rpc-${n}: error ${code} "${message}"`).join('; '),
    });
  });

  it('splits long batches and keeps their order', async () => {
    const calls = Array.from({ length: 120 }, (_, index) => ({ method: 'echo', params: [index] }));
    expect(await pool.batch(calls, asIs)).toEqual(calls.map(({ params }) => params[0]));
    expect(first.headers).toHaveLength(3);
  });

  it('returns an empty batch without a request', async () => {
    expect(await pool.batch([], asIs)).toEqual([]);
    expect(first.headers).toEqual([]);
  });

  let report: SendReport;
  const answering = async (firstAnswer: () => unknown, secondAnswer: () => unknown): Promise<SendResult> => {
    first.methods = { eth_sendRawTransaction: firstAnswer };
    second.methods = { eth_sendRawTransaction: secondAnswer };
    report = await pool.send('0xf8');
    return report.result;
  };

  describe('send', () => {
    it('broadcasts to every endpoint', async () => {
      expect(await answering(hash, hash)).toBe('accepted');
      const sent = [{ method: 'eth_sendRawTransaction', params: ['0xf8'] }];
      await until('both to be asked', () => first.calls.length + second.calls.length === 2);
      expect([first.calls, second.calls]).toEqual([sent, sent]);
    });

    it('does not wait for a hanging endpoint when another accepts the transaction', async () => {
      second.reply = () => undefined;
      expect(await answering(hash, hash)).toBe('accepted');
      const { values } = await metrics.rpcRequestsTotal.get();
      expect(values.filter(({ labels, value }) => labels.endpoint === 'rpc-2' && value > 0)).toEqual([]);
    });

    it('returns the best answer of all endpoints', async () => {
      expect(await answering(refusing(-32000, 'txpool is full'), hash)).toBe('accepted');
      expect(await answering(refusing(-32000, 'nonce too low'), refusing(-32000, 'already known'))).toBe(
        'already-known',
      );
    });

    it('prefers a refusal to no answer', async () => {
      first.failAll();
      expect(await answering(hash, refusing(-32000, 'insufficient funds for transfer'))).toBe('insufficient-funds');
    });

    it('returns unavailable when no endpoint answers', async () => {
      first.failAll();
      pool = poolWaiting(300, 300);
      second.reply = () => undefined;
      expect(await answering(hash, hash)).toBe('unavailable');
    });

    it('quotes the error text of a node without possible access keys', async () => {
      await answering(refusing(-32000, 'intrinsic gas too low\nfor project 0123456789abcdef'), hash);
      expect(report).toEqual({ result: 'accepted', words: null, refusedByAll: false });
      const refusal = refusing(-32000, 'intrinsic gas too low\nfor project 0123456789abcdef');
      await answering(refusal, refusal);
      expect(report.words).toBe('intrinsic gas too low for project …');
    });

    it.each([
      ['both refuse it', 'intrinsic gas too low', 'txpool is full', true],
      ['one returns an unknown error text', 'intrinsic gas too low', 'mana exhausted', false],
      ['one may hold another with its nonce', 'intrinsic gas too low', 'replacement transaction underpriced', false],
      ['one throttles', 'intrinsic gas too low', 'too many requests', false],
    ])('returns whether every endpoint refused when %s', async (_what, one, other, refusedByAll) => {
      await answering(refusing(-32000, one), refusing(-32000, other));
      expect(report).toMatchObject({ result: 'gas-too-low', refusedByAll });
    });

    it('returns refusedByAll false when one endpoint does not answer', async () => {
      first.failAll();
      await answering(hash, refusing(-32000, 'intrinsic gas too low'));
      expect(report).toMatchObject({ result: 'gas-too-low', refusedByAll: false });
    });

    it('returns unknown for an unknown error text', async () => {
      expect(await answering(refusing(-32000, 'mana exhausted'), refusing(-32000, 'mana exhausted'))).toBe('unknown');
    });
  });

  it('sends a batch to the next endpoint when the first refuses a call', async () => {
    first.methods = { echo: ([value]) => (value === 2 ? refusing(-32000, 'header not found')() : value) };
    const calls = [1, 2, 3].map((value) => ({ method: 'echo', params: [value] }));
    expect(await pool.batch(calls, asIs)).toEqual([1, 2, 3]);
    expect(second.calls).toHaveLength(3);
  });

  it('returns the errors of a batch when every endpoint has the same failure', async () => {
    const script = { echo: ([value]: readonly unknown[]) => (value === 2 ? refusing(-32603, 'broken')() : value) };
    first.methods = script;
    second.methods = script;
    const calls = [1, 2, 3].map((value) => ({ method: 'echo', params: [value] }));
    const [one, two, three] = await pool.batch(calls, asIs);
    expect([one, three]).toEqual([1, 3]);
    expect(two).toBeInstanceOf(RpcError);
  });

  it('throws the error of a node when every node is broken or lacks the method', async () => {
    for (const node of [first, second]) node.methods = { eth_call: refusing(-32603, 'internal error') };
    await expect(pool.call('eth_call', [], asIs)).rejects.toMatchObject({ name: 'RpcError', code: -32603 });
    await expect(pool.call('eth_feeHistory', [], asIs)).rejects.toMatchObject({ name: 'RpcError', code: -32601 });
  });

  it('leaves no rejection unhandled when another endpoint accepts first', async () => {
    const unhandled: unknown[] = [];
    const note = (reason: unknown): void => void unhandled.push(reason);
    process.on('unhandledRejection', note);
    pool = poolWaiting(60_000, 300);
    second.reply = () => undefined;
    first.methods = { eth_sendRawTransaction: hash };
    expect(await pool.send('0xf8')).toMatchObject({ result: 'accepted' });
    await until('the time-out of the other', () => pool.exclusions.length === 1);
    await new Promise((resolve) => setImmediate(resolve));
    process.off('unhandledRejection', note);
    expect(unhandled).toEqual([]);
  });

  it('counts requests by outcome and reports which endpoints are up', async () => {
    first.failAll();
    await pool.call('eth_blockNumber', [], asIs);
    const requests = (await metrics.rpcRequestsTotal.get()).values.filter(({ value }) => value > 0);
    expect(requests.map(({ labels, value }) => [labels.endpoint, labels.outcome, value])).toEqual([
      ['rpc-1', 'http_error', 1],
      ['rpc-2', 'ok', 1],
    ]);
    const up = (await metrics.rpcEndpointUp.get()).values;
    expect(up.map(({ labels, value }) => [labels.endpoint, value])).toEqual([
      ['rpc-1', 0],
      ['rpc-2', 1],
    ]);
  });
});
