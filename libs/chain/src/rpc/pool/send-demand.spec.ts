import { describe, expect, it } from 'vitest';
import { costLimit, gasCap, minimumPrice, neededGas } from './send-demand.js';

const GWEI = 10n ** 9n;
const ETHER = 10n ** 18n;

describe('minimumPrice', () => {
  it.each([
    ['geth', 'transaction underpriced: gas tip cap 0, minimum needed 1', 'tip', 1n],
    ['bsc', 'transaction gas price below minimum: gas tip cap 100000, minimum needed 1000000000', 'tip', GWEI],
    ['bor', 'transaction underpriced: gas tip cap 1000000000, minimum needed 25000000000', 'tip', 25n * GWEI],
    ['geth 1.12', 'transaction underpriced: tip needed 25000000000, tip permitted 1', 'tip', 25n * GWEI],
    ['reth', 'transaction priority fee below minimum required priority fee 30000000', 'tip', 30_000_000n],
    ['nethermind', 'FeeTooLow, EffectivePriorityFeePerGas too low 1 < 1000000000, BaseFee: 7', 'tip', GWEI],
    ['a gateway', 'max priority fee per gas 2 gwei is below the minimum of 25 gwei', 'tip', 25n * GWEI],
    ['a gateway', 'tip cap 0.001 gwei below minimum 0.015 gwei', 'tip', 15_000_000n],
    [
      'coreth',
      'transaction underpriced: address 0x70997970C51812dc3A010C7d01b50e0d17dc79C8 have gas fee cap (10) < pool minimum fee cap (25000000000)',
      'price',
      25n * GWEI,
    ],
    ['erigon', 'fee cap 7 is below the minimum 100', 'price', 100n],
    ['besu', 'gas price must be at least 1000 wei', 'price', 1_000n],
  ])('parses the minimum of %s: %s', (_client, words, kind, wei) => {
    expect(minimumPrice(words)).toEqual({ kind, wei });
  });

  it.each([
    'transaction underpriced',
    'fee too low',
    'FeeTooLowToCompete',
    'transaction feeCap 7 below chain minimum',
    'minimum needed 0',
  ])('returns null for: %s', (words) => {
    expect(minimumPrice(words)).toBeNull();
  });
});

describe('costLimit', () => {
  it.each([
    ['tx fee (1.50 ether) exceeds the configured cap (1.00 ether)', ETHER],
    ['tx fee (0.50 ether) exceeds the configured cap (0.05 ether)', ETHER / 20n],
    ['transaction fee exceeds the cap of 1000000 wei', 1_000_000n],
  ])('parses the limit in: %s', (words, wei) => {
    expect(costLimit(words)).toBe(wei);
  });

  it.each(['Transaction fee cap exceeded', 'tx fee (0.01 ether) exceeds the configured cap (0.00 ether)'])(
    'returns null for: %s',
    (words) => {
      expect(costLimit(words)).toBeNull();
    },
  );
});

describe('neededGas', () => {
  it.each([
    ['intrinsic gas too low: gas 20999, minimum needed 21000', 21_000n],
    ['Transaction requires at least 21000 gas but got 20999', 21_000n],
    ['intrinsic gas too low: have 20999, want 53000', 53_000n],
    ['intrinsic gas too low', null],
  ])('reads %s', (words, gas) => {
    expect(neededGas(words)).toBe(gas);
  });
});

describe('gasCap', () => {
  it.each([
    ['transaction gas limit too high (cap: 16777216, tx: 16777217)', 16_777_216n],
    ["transaction's gas limit 60000000 exceeds block's gas limit 30000000", 30_000_000n],
    ['Transaction gas limit is 60000000 and exceeds block gas limit of 30000000', 30_000_000n],
    ['exceeds block gas limit', null],
  ])('reads %s', (words, cap) => {
    expect(gasCap(words, words.includes('16777217') ? 16_777_217n : 60_000_000n)).toBe(cap);
  });
});
