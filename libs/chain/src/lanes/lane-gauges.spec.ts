import { describe, expect, it } from 'vitest';
import type { TransactionReceipt } from '#core';
import { Metrics } from '#telemetry';
import { LaneGauges } from './lane-gauges.js';
import { LaneSession } from './lane-session.js';
import { LaneSigner } from './lane-signer.js';

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

describe('LaneGauges', () => {
  it('shows a lane while it is held, and nothing of it afterwards', async () => {
    const metrics = new Metrics();
    const gauges = new LaneGauges(metrics);
    const session = new LaneSession({ lane: 'x', epoch: 1 }, new LaneSigner(`0x${'11'.repeat(32)}`, 1), 7);
    const shown = async (): Promise<number[]> =>
      (
        await Promise.all([metrics.laneSlots.get(), metrics.laneOldestSlotAgeSeconds.get(), metrics.accountNonce.get()])
      ).map(({ values }) => values.length);

    gauges.show(session);
    expect(await shown()).toEqual([2, 1, 1]);
    gauges.forget(session);
    expect(await shown()).toEqual([0, 0, 0]);
  });

  it('counts the gas of a batch once for each of its tokens', async () => {
    const metrics = new Metrics();
    new LaneGauges(metrics).closed(RECEIPT, 3);
    const { values } = await metrics.tokenGasUsed.get();
    const valueOf = (suffix: string): number | undefined =>
      values.find(({ metricName }) => metricName?.endsWith(suffix))?.value;

    expect({ tokens: valueOf('_count'), gas: valueOf('_sum') }).toEqual({ tokens: 3, gas: 300_000 });
  });
});
