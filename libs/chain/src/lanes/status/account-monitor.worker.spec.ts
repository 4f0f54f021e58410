import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { ChainConfig } from '#config';
import { HoldRegistry } from '#core';
import { Metrics } from '#telemetry';
import { MockRpcError, type MethodMock, MockRpcNode } from '../../../../../test/support/rpc/mock-rpc-node.js';
import { until } from '../../../../../test/support/until.js';
import { AccountMonitor } from './account-monitor.worker.js';
import { DelegatedAccounts } from './delegated-accounts.service.js';
import { ChainHead } from '../../head/chain-head.worker.js';
import { TokenCost } from './token-cost.js';
import { LaneMetrics } from './lane-metrics.service.js';
import { ChainReader } from '../../rpc/chain-reader.js';
import { JsonRpcEndpoint } from '../../rpc/transport/json-rpc-endpoint.js';
import { RpcPool } from '../../rpc/pool/rpc-pool.js';

const ACCOUNT = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8';
const BLOCK = {
  number: '0x10',
  hash: `0x${'ab'.repeat(32)}`,
  timestamp: '0x6553f100',
  baseFeePerGas: '0x3b9aca00',
  gasLimit: '0x1c9c380',
};
const CHAIN: Readonly<Record<string, MethodMock>> = {
  eth_getBlockByNumber: () => BLOCK,
  eth_getCode: () => '0x',
  eth_getBalance: () => '0x1bc16d674ec80000',
  eth_getTransactionCount: (params) => (params[1] === 'pending' ? '0x8' : '0x7'),
};
const refused: MethodMock = () => {
  throw new MockRpcError(-32000, 'no such state');
};

let node: MockRpcNode;
let metrics: Metrics;
let head: ChainHead;
let watch: AccountMonitor;
let accounts: { addresses: readonly string[] };

beforeEach(async () => {
  node = await MockRpcNode.start(CHAIN);
  metrics = new Metrics();
  const reader = new ChainReader(new RpcPool([new JsonRpcEndpoint('rpc-1', node.url, 60_000)], metrics));
  const config = Object.assign(new ChainConfig(), { confirmations: 1, blockPollIntervalMs: 50, blockTimeMs: 50 });
  accounts = { addresses: [ACCOUNT] };
  head = new ChainHead(reader, config, new HoldRegistry(), metrics);
  watch = new AccountMonitor(
    reader,
    head,
    new LaneMetrics(metrics, new TokenCost(95_000n)),
    new DelegatedAccounts(),
    config,
    accounts,
  );
});
afterEach(async () => {
  vi.useRealTimers();
  await Promise.all([head.stop(), watch.stop()]);
  await node.stop();
});

async function followed(): Promise<void> {
  head.start();
  await until('a block', () => head.current !== null);
  watch.start();
}

async function collectedAt(): Promise<number> {
  const { values } = await metrics.collectorLastSuccessTimestampSeconds.get();
  return values.find(({ labels }) => labels.collector === 'accounts')?.value ?? Number.NaN;
}

async function valuesOf(
  gauge: 'accountBalanceEther' | 'accountNonce' | 'accountRunwayTokens' | 'chainBaseFeeGwei',
): Promise<unknown> {
  return (await metrics[gauge].get()).values;
}

async function accountsShown(): Promise<readonly unknown[]> {
  return (await metrics.accountBalanceEther.get()).values.map(({ labels }) => labels.account);
}

/** Lets time pass until the account, and no other, has metrics. */
async function shows(account: string): Promise<void> {
  for (let steps = 0; steps < 2_000 && (await accountsShown()).join() !== account; steps += 1) {
    await vi.advanceTimersByTimeAsync(100);
    await new Promise(setImmediate);
  }
  expect(await accountsShown()).toEqual([account]);
}

it('records balance and nonces of every account with the time of the refresh', async () => {
  await followed();
  await until('a round', async () => (await collectedAt()) > 0);
  expect(Math.abs((await collectedAt()) - Date.now() / 1000)).toBeLessThan(10);
  expect(await valuesOf('accountBalanceEther')).toEqual([{ labels: { account: ACCOUNT }, value: 2 }]);
  expect(await valuesOf('accountRunwayTokens')).toEqual([{ labels: { account: ACCOUNT }, value: 10_526.31 }]);
  expect(await valuesOf('accountNonce')).toEqual([
    { labels: { account: ACCOUNT, kind: 'latest' }, value: 7 },
    { labels: { account: ACCOUNT, kind: 'pending' }, value: 8 },
  ]);
});

it('records the base fee of the head', async () => {
  await followed();
  expect(await valuesOf('chainBaseFeeGwei')).toEqual([{ labels: {}, value: 1 }]);
});

it('records a base fee of 0 on a chain without one', async () => {
  node.methods = { ...CHAIN, eth_getBlockByNumber: () => ({ ...BLOCK, baseFeePerGas: undefined }) };
  await followed();
  expect(await valuesOf('chainBaseFeeGwei')).toEqual([{ labels: {}, value: 0 }]);
});

it('records no successful refresh when one account failed', async () => {
  node.methods = { ...CHAIN, eth_getBalance: refused };
  await followed();
  await until('a look', () => node.calls.some(({ method }) => method === 'eth_getBalance'));
  await watch.stop();
  expect(await collectedAt()).toBe(0);
});

it('replaces the metrics of an account that no longer sends by those of the new one', async () => {
  const other = '0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC';
  head.start();
  await until('a block', () => head.current !== null);
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  watch.start();
  await shows(ACCOUNT);
  accounts.addresses = [other];
  await shows(other);
  expect(await valuesOf('accountNonce')).toEqual([
    { labels: { account: other, kind: 'latest' }, value: 7 },
    { labels: { account: other, kind: 'pending' }, value: 8 },
  ]);
});
