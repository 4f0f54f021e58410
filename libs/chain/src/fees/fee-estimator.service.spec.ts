import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ChainConfig } from '#config';
import { type Attempt, HoldError, SpendRegistry } from '#core';
import { Metrics } from '#telemetry';
import { MockRpcNode } from '../../../../test/support/rpc/mock-rpc-node.js';
import { ChainReader } from '../rpc/chain-reader.js';
import { JsonRpcEndpoint } from '../rpc/transport/json-rpc-endpoint.js';
import { RpcUnavailableError } from '../rpc/rpc.errors.js';
import { RpcPool } from '../rpc/pool/rpc-pool.js';
import { type EarlierOffers, FeeEstimator } from './fee-estimator.service.js';
import { NodeDemands } from './node-demands.js';

const GWEI = 1_000_000_000n;
const hex = (value: bigint): string => `0x${value.toString(16)}`;

const attempt = (maxFeePerGas: bigint, maxPriorityFeePerGas: bigint): Attempt => ({
  hash: '0x01',
  raw: '0x',
  gasLimit: 100_000n,
  maxFeePerGas,
  maxPriorityFeePerGas,
  signedAt: 0,
});

const offers = (latest: Attempt, changes: Partial<EarlierOffers> = {}): EarlierOffers => ({
  kind: 'eip1559',
  latest,
  held: [latest],
  reason: 'not-mined',
  ...changes,
});

describe('FeeEstimator', () => {
  let node: MockRpcNode;
  beforeEach(async () => {
    node = await MockRpcNode.start({});
    tips(GWEI);
  });
  afterEach(() => node.stop());

  /** Median tips of the last blocks, as the node tells them; those without a tip are empty. */
  const tips = (...wei: readonly (bigint | null)[]): void => {
    node.methods = {
      eth_feeHistory: () => ({
        gasUsedRatio: wei.map((tip) => (tip === null ? 0 : 0.5)),
        reward: wei.map((tip) => [hex(tip ?? 0n)]),
      }),
      eth_gasPrice: () => hex(7n * GWEI),
      eth_maxPriorityFeePerGas: () => hex(0n),
    };
  };
  const suggestedTip = (wei: bigint): void => {
    node.methods = { ...node.methods, eth_maxPriorityFeePerGas: () => hex(wei) };
  };

  let demands: NodeDemands;
  beforeEach(() => {
    demands = new NodeDemands();
  });

  const quotes = (capGwei: bigint, tipCapGwei = 2n, settings: Partial<ChainConfig> = {}): FeeEstimator => {
    const pool = new RpcPool([new JsonRpcEndpoint('rpc-1', node.url, 60_000)], new Metrics());
    const fees = {
      maxFeePerGas: capGwei * GWEI,
      maxPriorityFeePerGas: tipCapGwei * GWEI,
      minPriorityFeePerGas: 0n,
      maxTransactionCost: 10n ** 18n,
    };
    const config = Object.assign(new ChainConfig(), fees, settings);
    const budgets = { spendPerHour: null, spendPerDay: null, gasPerToken: null, tokensPerHour: null };
    return new FeeEstimator(new ChainReader(pool), config, demands, new SpendRegistry({ ...fees, ...budgets }));
  };

  describe('estimate', () => {
    it('returns twice the base fee plus the tip', async () => {
      expect(await quotes(200n).estimate(30n * GWEI)).toEqual({
        kind: 'eip1559',
        maxFeePerGas: 61n * GWEI,
        maxPriorityFeePerGas: GWEI,
      });
    });

    it('caps the fee at the maximum while it covers base fee and tip', async () => {
      expect((await quotes(50n).estimate(30n * GWEI)).maxFeePerGas).toBe(50n * GWEI);
      expect((await quotes(31n).estimate(30n * GWEI)).maxFeePerGas).toBe(31n * GWEI);
    });

    it('throws a hold when base fee and tip exceed the cap', async () => {
      const error: unknown = await quotes(31n)
        .estimate(30n * GWEI + 1n)
        .catch((failure: unknown) => failure);
      expect(error).toBeInstanceOf(HoldError);
      expect(error).toMatchObject({
        reason: 'fee_above_cap',
        message: 'gas costs 31.000000001 gwei, the cap is 31.0 gwei',
      });
    });

    it.each([
      ['the median tip', [5n, 1n, 3n], 3n],
      ['the median tip of the blocks that are not empty', [null, 5n, null, null, 5n], 5n],
      ['no tip when the median is zero', [0n, 0n, 0n], 0n],
    ])('uses %s', async (_what, recent, tip) => {
      tips(...recent);
      expect((await quotes(200n).estimate(GWEI)).maxPriorityFeePerGas).toBe(tip);
    });

    it('uses the tip that the node suggests when it exceeds the history', async () => {
      tips(null, null);
      suggestedTip(GWEI);
      expect((await quotes(200n).estimate(GWEI)).maxPriorityFeePerGas).toBe(GWEI);
      tips(2n * GWEI);
      suggestedTip(GWEI);
      expect((await quotes(200n).estimate(GWEI)).maxPriorityFeePerGas).toBe(2n * GWEI);
    });

    it('uses the gas price minus the base fee when the node suggests no tip', async () => {
      node.methods = { eth_gasPrice: () => hex(7n * GWEI) };
      expect((await quotes(200n).estimate(6n * GWEI)).maxPriorityFeePerGas).toBe(GWEI);
      expect((await quotes(200n).estimate(8n * GWEI)).maxPriorityFeePerGas).toBe(0n);
    });

    it('uses the maximum tip when the node returns no tips', async () => {
      node.methods = { eth_feeHistory: () => ({ oldestBlock: '0x1' }) };
      expect((await quotes(200n).estimate(GWEI)).maxPriorityFeePerGas).toBe(2n * GWEI);
      node.methods = {};
      expect((await quotes(200n).estimate(GWEI)).maxPriorityFeePerGas).toBe(2n * GWEI);
    });

    it('uses at least the configured minimum tip', async () => {
      tips(0n);
      const fee = await quotes(200n, 2n, { minPriorityFeePerGas: 1_000_000n }).estimate(GWEI);
      expect(fee).toMatchObject({ maxPriorityFeePerGas: 1_000_000n, maxFeePerGas: 2n * GWEI + 1_000_000n });
    });

    it('uses the tip that a node demanded, and throws a hold with both figures when it exceeds the maximum', async () => {
      demands.requireMinimum({ kind: 'tip', wei: 25n * GWEI });
      expect(await quotes(200n, 30n).estimate(GWEI)).toMatchObject({
        maxPriorityFeePerGas: 25n * GWEI,
        maxFeePerGas: 27n * GWEI,
      });
      await expect(quotes(200n).estimate(GWEI)).rejects.toMatchObject({
        reason: 'fee_above_cap',
        message: 'the priority fee is 25.0 gwei, the maximum is 2.0 gwei',
      });
    });

    it('throws a hold with both figures when the market tip exceeds the maximum', async () => {
      tips(9n * GWEI, 8n * GWEI);
      await expect(quotes(200n).estimate(GWEI)).rejects.toMatchObject({
        reason: 'fee_above_cap',
        message: 'the priority fee is 9.0 gwei, the maximum is 2.0 gwei',
      });
    });

    it('uses the price that a node demanded', async () => {
      demands.requireMinimum({ kind: 'price', wei: 25n * GWEI });
      expect(await quotes(200n).estimate(GWEI)).toMatchObject({
        maxPriorityFeePerGas: GWEI,
        maxFeePerGas: 25n * GWEI,
      });
      await expect(quotes(24n).estimate(GWEI)).rejects.toMatchObject({ reason: 'fee_above_cap' });
    });

    it('throws while RPC is unavailable', async () => {
      node.failAll();
      await expect(quotes(200n).estimate(GWEI)).rejects.toBeInstanceOf(RpcUnavailableError);
    });

    it('returns the gas price up to the cap on a chain without base fee', async () => {
      const price = 7n * GWEI;
      expect(await quotes(7n).estimate(null)).toEqual({
        kind: 'legacy',
        maxFeePerGas: price,
        maxPriorityFeePerGas: price,
      });
      await expect(quotes(6n).estimate(null)).rejects.toMatchObject({ reason: 'fee_above_cap' });
    });
  });

  describe('estimateReplacement', () => {
    it('raises both fees by 12.5 % and 1 wei when the estimate is lower', async () => {
      const fee = await quotes(200n, 3n).estimateReplacement(offers(attempt(100n * GWEI, 2n * GWEI)), 10n * GWEI);
      expect(fee).toEqual({
        kind: 'eip1559',
        maxFeePerGas: 112_500_000_001n,
        maxPriorityFeePerGas: 2_250_000_001n,
      });
    });

    it('returns the current estimate when it is higher', async () => {
      const fee = await quotes(200n).estimateReplacement(offers(attempt(10n * GWEI, 1n)), 50n * GWEI);
      expect(fee).toMatchObject({ maxFeePerGas: 101n * GWEI, maxPriorityFeePerGas: GWEI });
    });

    it('raises the tip of an unmined attempt fourfold, and its fee cap by 12.5 % and 1 wei', async () => {
      tips(0n);
      const fee = await quotes(200n).estimateReplacement(offers(attempt(20n * GWEI, 1_000_000n)), 10n * GWEI);
      expect(fee).toMatchObject({ maxFeePerGas: 22_500_000_001n, maxPriorityFeePerGas: 4_000_001n });
    });

    it.each([1n, 7n, 8n, 999n, 2n * GWEI + 3n])('satisfies the 10 %% rule of geth from %i wei', async (before) => {
      tips(0n);
      const fee = await quotes(200n, 3n).estimateReplacement(offers(attempt(before, before)), 0n);
      for (const after of [fee.maxFeePerGas, fee.maxPriorityFeePerGas]) {
        expect(after * 100n).toBeGreaterThanOrEqual(before * 110n);
        expect(after).toBeGreaterThan(before);
      }
    });

    it('raises the fees of the highest attempt that a node may hold, not of the latest', async () => {
      const [high, low] = [attempt(100n * GWEI, 2n * GWEI), attempt(20n * GWEI, GWEI)];
      const fee = await quotes(200n, 3n).estimateReplacement(offers(low, { held: [high, low] }), GWEI);
      expect(fee).toMatchObject({ maxFeePerGas: 112_500_000_001n, maxPriorityFeePerGas: 2_250_000_001n });
    });

    it('returns the current estimate, even a lower one, when no node can hold an attempt', async () => {
      const refused = offers(attempt(100n * GWEI, 2n * GWEI), { held: [], reason: 'other' });
      expect(await quotes(200n).estimateReplacement(refused, 10n * GWEI)).toMatchObject({
        maxFeePerGas: 21n * GWEI,
        maxPriorityFeePerGas: GWEI,
      });
    });

    it('raises a fee that the nodes refuse as too low up to the maximums, then throws a hold with both figures', async () => {
      let latest = attempt(3n * GWEI, GWEI);
      const fees = quotes(4n, 2n);
      const raise = async (): Promise<void> => {
        const fee = await fees.estimateReplacement(offers(latest, { held: [], reason: 'too-low' }), GWEI);
        expect(fee.maxFeePerGas + fee.maxPriorityFeePerGas).toBeGreaterThan(
          latest.maxFeePerGas + latest.maxPriorityFeePerGas,
        );
        latest = attempt(fee.maxFeePerGas, fee.maxPriorityFeePerGas);
      };
      await raise();
      expect(latest).toMatchObject({ maxFeePerGas: 4n * GWEI, maxPriorityFeePerGas: 2n * GWEI });
      await expect(raise()).rejects.toMatchObject({
        reason: 'fee_above_cap',
        message:
          'the nodes refuse a priority fee of 2.0 gwei and a fee of 4.0 gwei as too low, the maximums are 2.0 and 4.0 gwei',
      });
    });

    it('keeps the tip at or below the maximum fee', async () => {
      const fee = await quotes(200n, 4n).estimateReplacement(offers(attempt(3n * GWEI, 3n * GWEI)), 1n);
      expect(fee.maxPriorityFeePerGas).toBeLessThanOrEqual(fee.maxFeePerGas);
    });

    it('raises the tip fourfold up to half of the maximum, and beyond by 12.5 % and 1 wei', async () => {
      const raise = async (tip: bigint) =>
        (await quotes(200n, 4n).estimateReplacement(offers(attempt(20n * GWEI, tip)), GWEI)).maxPriorityFeePerGas;
      expect(await raise(GWEI)).toBe(2n * GWEI);
      expect(await raise(2n * GWEI)).toBe(2_250_000_001n);
      await expect(raise(4n * GWEI)).rejects.toMatchObject({
        reason: 'fee_above_cap',
        message: 'the priority fee is 4.500000001 gwei, the maximum is 4.0 gwei',
      });
    });

    it('throws a hold when the replacement exceeds the cap', async () => {
      const before = offers(attempt(100n * GWEI, 1n));
      await expect(quotes(112n).estimateReplacement(before, GWEI)).rejects.toMatchObject({ reason: 'fee_above_cap' });
    });

    it('raises the gas price of a legacy transaction', async () => {
      const before = offers(attempt(100n * GWEI, 100n * GWEI), { kind: 'legacy' });
      expect(await quotes(200n).estimateReplacement(before, null)).toEqual({
        kind: 'legacy',
        maxFeePerGas: 112_500_000_001n,
        maxPriorityFeePerGas: 112_500_000_001n,
      });
    });
  });

  describe('fitCost', () => {
    const fee = { kind: 'eip1559', maxFeePerGas: 200n * GWEI, maxPriorityFeePerGas: GWEI } as const;

    it('returns the fee unchanged when its cost is within the maximum', () => {
      expect(quotes(200n).fitCost(fee, 5_000_000n, 100n * GWEI)).toEqual(fee);
    });

    it('lowers the fee cap to the affordable one, but not below the minimum', () => {
      expect(quotes(200n).fitCost(fee, 8_000_000n, 100n * GWEI)).toEqual({ ...fee, maxFeePerGas: 125n * GWEI });
      expect(() => quotes(200n).fitCost(fee, 11_000_000n, 100n * GWEI)).toThrow(
        'a transaction costs 1.1 ether for 11000000 gas, the maximum is 1.0 ether',
      );
    });

    it('uses the cost limit of a node when it is lower', () => {
      demands.limitCost(2n * 10n ** 18n);
      expect(quotes(200n).costLimit).toBe(10n ** 18n);
      demands.limitCost(10n ** 17n);
      expect(quotes(200n).costLimit).toBe(10n ** 17n);
    });
  });
});
