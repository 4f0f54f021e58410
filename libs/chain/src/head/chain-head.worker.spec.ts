import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { ChainConfig } from '#config';
import { type Block, HoldRegistry } from '#core';
import { Metrics } from '#telemetry';
import { Notifier } from '../common/wake-signal.js';
import type { ChainReader } from '../rpc/chain-reader.js';
import { ChainHead } from './chain-head.worker.js';

const FIRST: Block = {
  number: 1,
  hash: '0x01',
  parentHash: '0x00',
  timestamp: 0,
  baseFeePerGas: 0n,
  gasLimit: 30_000_000n,
};

let polls: number;
let pushed: Notifier;
let newest: Block;
let holds: HoldRegistry;
let head: ChainHead;
beforeEach(() => {
  vi.useFakeTimers();
  polls = 0;
  newest = FIRST;
  holds = new HoldRegistry();
  pushed = new Notifier();
  const reader: Partial<ChainReader> = {
    latestBlock: async () => {
      polls += 1;
      return newest;
    },
    pushedHeads: { changes: pushed, isFollowed: () => true } as unknown as ChainReader['pushedHeads'],
    outages: [],
    endpointNames: 'rpc-1',
  };
  const config = Object.assign(new ChainConfig(), {
    blockTimeMs: 12_000,
    blockPollIntervalMs: 1_000,
    confirmations: 1,
  });
  head = new ChainHead(reader as ChainReader, config, holds, new Metrics());
  head.start();
});
afterEach(async () => {
  vi.useRealTimers();
  await head.stop();
});

it('asks for a pushed head only while a lane waits for one', async () => {
  const lane = {};
  await vi.advanceTimersByTimeAsync(1_000);
  pushed.notifyAll();
  await vi.advanceTimersByTimeAsync(1_000);
  expect(polls).toBe(1);
  head.setWaiting(lane, true);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(polls).toBe(2);
  pushed.notifyAll();
  await vi.advanceTimersByTimeAsync(1_000);
  expect(polls).toBe(3);
  head.setWaiting(lane, false);
  pushed.notifyAll();
  await vi.advanceTimersByTimeAsync(1_000);
  expect(polls).toBe(3);
});

it('shows a hold while a lane waits and no block follows the newest', async () => {
  const lane = {};
  await vi.advanceTimersByTimeAsync(120_000);
  head.setWaiting(lane, true);
  await vi.advanceTimersByTimeAsync(40_000);
  expect(holds.cluster).toEqual([]);
  await vi.advanceTimersByTimeAsync(15_000);
  expect(holds.cluster).toMatchObject([
    { reason: 'rpc_unavailable', detail: 'eth_getBlockByNumber on rpc-1: block 1 stays the newest', pauses: false },
  ]);
  newest = { ...FIRST, number: 2, hash: '0x02', parentHash: FIRST.hash };
  await vi.advanceTimersByTimeAsync(30_000);
  expect(holds.cluster).toEqual([]);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(holds.cluster).toHaveLength(1);
  head.setWaiting(lane, false);
  await vi.advanceTimersByTimeAsync(30_000);
  expect(holds.cluster).toEqual([]);
});
