import { describe, expect, it } from 'vitest';
import { aDeploymentJob } from '../../../../../test/support/fixtures/deployment-job.fixture.js';
import type { TransactionKind, TransactionReceipt } from '#core';
import { type OpenSlot, OpenSlots } from '../transactions/open-slots.js';
import { TokenCost } from './token-cost.js';

const GWEI = 10n ** 9n;
const ETHER = 10n ** 18n;
const RECEIPT: TransactionReceipt = {
  transactionHash: '0x01',
  blockNumber: 1,
  blockHash: '0x02',
  from: '0x03',
  succeeded: true,
  gasUsed: 4_100_000n,
  gasPrice: 50n * GWEI,
  layerOneFee: 0n,
  logs: [],
};

function slot(kind: TransactionKind, tokens: number): OpenSlot {
  const jobs = Array.from({ length: tokens }, (_, index) => aDeploymentJob(`model-${index}`));
  return new OpenSlots().add({ nonce: 1, modelIds: [], attempts: [] }, { kind, value: 0n, jobs }, 0);
}

describe('TokenCost', () => {
  it('counts the estimate of the backend at twice the base fee before the first token', () => {
    expect(new TokenCost(4_300_000n).tokensFor(ETHER, 10n * GWEI)).toBe(11.62);
    expect(new TokenCost(95_000n).tokensFor(ETHER, 10n * GWEI)).toBe(526.31);
  });

  it('counts what the last deployment and the last registration really took', () => {
    const cost = new TokenCost(95_000n);
    cost.record(RECEIPT, slot('deploy', 1));
    cost.record({ ...RECEIPT, gasUsed: 162_000n }, slot('register', 1));
    expect(cost.gas).toBe(4_262_000n);
    // 4,262,000 gas at 50 gwei were paid, more than twice the base fee.
    expect(cost.tokensFor(ETHER, 10n * GWEI)).toBe(4.69);
    expect(cost.tokensFor(ETHER, 100n * GWEI)).toBe(1.17);
  });

  it('shares a batch among its tokens, and counts the L1 fee', () => {
    const cost = new TokenCost(95_000n);
    cost.record({ ...RECEIPT, gasUsed: 700_000n, layerOneFee: ETHER / 10n }, slot('deploy', 10));
    expect(cost.gas).toBe(70_000n);
    expect(cost.tokensFor(ETHER, 0n)).toBe(74.07);
  });

  it('learns nothing from a reverted transaction, and knows no price of a free chain', () => {
    const cost = new TokenCost(95_000n);
    cost.record({ ...RECEIPT, succeeded: false }, slot('deploy', 1));
    expect(cost.gas).toBe(95_000n);
    expect(cost.tokensFor(ETHER, 0n)).toBeNull();
  });
});
