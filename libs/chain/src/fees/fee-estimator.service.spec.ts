import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ChainConfig } from '#config';
import { type Attempt, HoldError } from '#core';
import { Metrics } from '#telemetry';
import { MockRpcError, MockRpcNode } from '../../../../test/support/rpc/mock-rpc-node.js';
import { ChainReader } from '../rpc/chain-reader.js';
import { JsonRpcEndpoint } from '../rpc/transport/json-rpc-endpoint.js';
import { RpcUnavailableError } from '../rpc/rpc.errors.js';
import { RpcPool } from '../rpc/pool/rpc-pool.js';
import { FeeEstimator } from './fee-estimator.service.js';

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

describe('FeeQuotes', () => {
  let node: MockRpcNode;
  beforeEach(async () => {
    node = await MockRpcNode.start({});
    tips(GWEI);
  });
  afterEach(() => node.stop());

  /** Median tips of the last blocks, as the node tells them. */
  const tips = (...wei: readonly bigint[]): void => {
    node.methods = {
      eth_feeHistory: () => ({ reward: wei.map((tip) => [hex(tip)]) }),
      eth_gasPrice: () => hex(7n * GWEI),
    };
  };

  const quotes = (capGwei: bigint, tipCapGwei = 2n): FeeEstimator => {
    const pool = new RpcPool([new JsonRpcEndpoint('rpc-1', node.url, 1_000)], new Metrics());
    const fees = { maxFeePerGas: capGwei * GWEI, maxPriorityFeePerGas: tipCapGwei * GWEI };
    return new FeeEstimator(new ChainReader(pool), Object.assign(new ChainConfig(), fees));
  };

  describe('quote', () => {
    it('offers twice the base fee and the tip', async () => {
      expect(await quotes(200n).estimate(30n * GWEI)).toEqual({
        kind: 'eip1559',
        maxFeePerGas: 61n * GWEI,
        maxPriorityFeePerGas: GWEI,
      });
    });

    it('offers no more than the cap, and never less than the base fee and the tip', async () => {
      expect((await quotes(50n).estimate(30n * GWEI)).maxFeePerGas).toBe(50n * GWEI);
      expect((await quotes(31n).estimate(30n * GWEI)).maxFeePerGas).toBe(31n * GWEI);
    });

    it('holds as soon as the cap does not reach base fee and tip', async () => {
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
      ['the median', [5n, 1n, 3n], 3n],
      ['the ceiling at most', [9n * GWEI, 8n * GWEI], 2n * GWEI],
      ['1 wei at least', [0n, 0n, 0n], 1n],
    ])('tips %s', async (_what, recent, tip) => {
      tips(...recent);
      expect((await quotes(200n).estimate(GWEI)).maxPriorityFeePerGas).toBe(tip);
    });

    it('tips the ceiling where the node knows no tips', async () => {
      node.methods = { eth_feeHistory: () => ({ oldestBlock: '0x1' }) };
      expect((await quotes(200n).estimate(GWEI)).maxPriorityFeePerGas).toBe(2n * GWEI);
      node.methods = {
        eth_feeHistory: () => {
          throw new MockRpcError(-32601, 'method not found');
        },
      };
      expect((await quotes(200n).estimate(GWEI)).maxPriorityFeePerGas).toBe(2n * GWEI);
    });

    it('does not guess while the node cannot be asked', async () => {
      node.failAll();
      await expect(quotes(200n).estimate(GWEI)).rejects.toBeInstanceOf(RpcUnavailableError);
    });

    it('offers the gas price on a chain without base fee, up to the cap', async () => {
      const price = 7n * GWEI;
      expect(await quotes(7n).estimate(null)).toEqual({
        kind: 'legacy',
        maxFeePerGas: price,
        maxPriorityFeePerGas: price,
      });
      await expect(quotes(6n).estimate(null)).rejects.toMatchObject({ reason: 'fee_above_cap' });
    });
  });

  describe('replacement', () => {
    it('offers 12.5 % and 1 wei more for both fees when the market asks for less', async () => {
      const fee = await quotes(200n).estimateReplacement(attempt(100n * GWEI, 2n * GWEI), 'eip1559', 10n * GWEI);
      expect(fee).toEqual({
        kind: 'eip1559',
        maxFeePerGas: 112_500_000_001n,
        maxPriorityFeePerGas: 2_250_000_001n,
      });
    });

    it('follows the market when that asks for more', async () => {
      const fee = await quotes(200n).estimateReplacement(attempt(10n * GWEI, 1n), 'eip1559', 50n * GWEI);
      expect(fee).toMatchObject({ maxFeePerGas: 101n * GWEI, maxPriorityFeePerGas: GWEI });
    });

    it('offers more for the smallest fees too', async () => {
      tips(0n);
      const fee = await quotes(200n).estimateReplacement(attempt(1n, 1n), 'eip1559', 0n);
      expect(fee).toMatchObject({ maxFeePerGas: 2n, maxPriorityFeePerGas: 2n });
    });

    it.each([1n, 7n, 8n, 999n, 2n * GWEI + 3n])('satisfies the 10 %% rule of geth from %i wei', async (before) => {
      tips(0n);
      const fee = await quotes(200n).estimateReplacement(attempt(before, before), 'eip1559', 0n);
      for (const after of [fee.maxFeePerGas, fee.maxPriorityFeePerGas]) {
        expect(after * 100n).toBeGreaterThanOrEqual(before * 110n);
        expect(after).toBeGreaterThan(before);
      }
    });

    it('never tips more than it pays', async () => {
      const fee = await quotes(200n).estimateReplacement(attempt(3n * GWEI, 3n * GWEI), 'eip1559', 1n);
      expect(fee.maxPriorityFeePerGas).toBeLessThanOrEqual(fee.maxFeePerGas);
    });

    it('holds instead of passing the cap', async () => {
      await expect(quotes(112n).estimateReplacement(attempt(100n * GWEI, 1n), 'eip1559', GWEI)).rejects.toMatchObject({
        reason: 'fee_above_cap',
      });
    });

    it('raises the one price of a legacy transaction', async () => {
      const fee = await quotes(200n).estimateReplacement(attempt(100n * GWEI, 100n * GWEI), 'legacy', null);
      expect(fee).toEqual({
        kind: 'legacy',
        maxFeePerGas: 112_500_000_001n,
        maxPriorityFeePerGas: 112_500_000_001n,
      });
    });
  });
});
