import { describe, expect, it } from 'vitest';
import { aDeploymentJob } from '../../../../../test/support/fixtures/deployment-job.fixture.js';
import type { TransactionKind, TransactionReceipt } from '#core';
import { Metrics } from '#telemetry';
import { TokenCost } from './token-cost.js';
import { LaneMetrics } from './lane-metrics.service.js';
import { LaneSession } from '../lifecycle/lane-session.js';
import { signerCreator } from '../../../../../test/support/chain/test-signer.js';
import { LaneSigner } from '../transactions/lane-signer.js';
import { type OpenSlot, OpenSlots } from '../transactions/open-slots.js';

const RECEIPT: TransactionReceipt = {
  transactionHash: '0x01',
  blockNumber: 1,
  blockHash: '0x02',
  from: '0x03',
  succeeded: true,
  gasUsed: 300_000n,
  gasPrice: 1_000_000_000n,
  layerOneFee: 0n,
  logs: [],
};

function openSlot(kind: TransactionKind, jobs: number): OpenSlot {
  const models = Array.from({ length: jobs }, (_, index) => aDeploymentJob(`model-${index}`));
  return new OpenSlots().add({ nonce: 1, modelIds: [], attempts: [] }, { kind, value: 0n, jobs: models }, 0);
}

describe('LaneMetrics', () => {
  it('reports a lane while it is held, and removes it afterwards', async () => {
    const metrics = new Metrics();
    const gauges = new LaneMetrics(metrics, new TokenCost(95_000n));
    const session = new LaneSession(
      { lane: 'x', epoch: 1 },
      new LaneSigner(signerCreator(`0x${'11'.repeat(32)}`)([])),
      7,
    );
    const shown = async (): Promise<number[]> =>
      (
        await Promise.all([metrics.laneSlots.get(), metrics.laneOldestSlotAgeSeconds.get(), metrics.accountNonce.get()])
      ).map(({ values }) => values.length);

    gauges.recordSession(session);
    expect(await shown()).toEqual([2, 1, 1]);
    gauges.removeSession(session);
    expect(await shown()).toEqual([0, 0, 0]);
  });

  it('records the gas of a batch once for each token', async () => {
    const metrics = new Metrics();
    new LaneMetrics(metrics, new TokenCost(95_000n)).recordFinalized(RECEIPT, openSlot('deploy', 3));
    const { values } = await metrics.tokenGasUsed.get();
    const valueOf = (suffix: string): number | undefined =>
      values.find(({ metricName }) => metricName?.endsWith(suffix))?.value;

    expect({ tokens: valueOf('_count'), gas: valueOf('_sum') }).toEqual({ tokens: 3, gas: 300_000 });
  });

  it('records no token gas for a reverted transaction', async () => {
    const metrics = new Metrics();
    new LaneMetrics(metrics, new TokenCost(95_000n)).recordFinalized(
      { ...RECEIPT, succeeded: false },
      openSlot('deploy', 3),
    );
    const counted = async (name: 'tokenGasUsed' | 'transactionGasUsed') =>
      (await metrics[name].get()).values.find(
        ({ metricName, labels }) => metricName?.endsWith('_count') && 'kind' in labels === (name !== 'tokenGasUsed'),
      )?.value;
    expect([await counted('tokenGasUsed'), await counted('transactionGasUsed')]).toEqual([0, 1]);
  });

  it('records a registration without token gas', async () => {
    const metrics = new Metrics();
    new LaneMetrics(metrics, new TokenCost(95_000n)).recordFinalized(RECEIPT, openSlot('register', 1));
    const tokens = await metrics.tokenGasUsed.get();
    const transactions = await metrics.transactionsTotal.get();
    const gas = await metrics.transactionGasUsed.get();
    expect(tokens.values.find(({ metricName }) => metricName?.endsWith('_count'))?.value).toBe(0);
    expect(
      gas.values.find(({ metricName, labels }) => metricName?.endsWith('_sum') && labels['kind'] === 'register')?.value,
    ).toBe(300_000);
    expect(transactions.values.filter(({ value }) => value > 0)).toEqual([
      { labels: { kind: 'register', outcome: 'succeeded' }, value: 1 },
    ]);
  });
});
