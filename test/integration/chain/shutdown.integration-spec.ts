import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ChainHarness } from '../../support/chain/chain-harness.js';
import { Deferred } from '../../support/deferred.js';
import { until } from '../../support/until.js';

describe('Shutdown', () => {
  let chain: ChainHarness;
  beforeAll(async () => {
    chain = await ChainHarness.start();
  });
  afterEach(() => chain.reset());
  afterAll(() => chain.stop());

  it('begins no transaction for a batch that was still waiting for company', async () => {
    await chain.setAutomine(false);
    const replica = await chain.startReplica({ BATCH_WAIT_MS: '60000' });
    const witness = await chain.createReplica();
    await replica.submit('sent');
    await chain.waitForMempool(1);
    await replica.submit('waiting');
    await replica.stop();
    expect((await witness.slots()).map(({ modelIds }) => modelIds)).toEqual([['sent']]);
    expect(await witness.jobs.find('waiting')).toMatchObject({ state: 'admitted' });
    expect(chain.proxy.sentTransactions).toHaveLength(1);
  });

  it('journals nothing that it would not send any more', async () => {
    const replica = await chain.startReplica();
    const witness = await chain.createReplica();
    const gate = new Deferred();
    chain.proxy.addHook('eth_estimateGas', () => gate.promise);
    await replica.submit('late');
    await until('the transaction about to be signed', () => chain.proxy.count('eth_estimateGas') === 1);
    const stopped = replica.stop();
    gate.resolve();
    await stopped;
    expect(await witness.slots()).toEqual([]);
    expect(await witness.jobs.find('late')).toMatchObject({ state: 'admitted', attempts: [] });
    expect(chain.proxy.sentTransactions).toEqual([]);
  });

  it('leaves the lane to the next process at once', async () => {
    const replica = await chain.startReplica({ LANE_LEASE: '600' });
    await until('the lane', () => replica.holds.list().length === 0);
    await replica.stop();
    const next = await chain.startReplica({ LANE_LEASE: '600' });
    await next.submit('inherited');
    expect(await next.waitForResult('inherited')).toMatchObject({ kind: 'deployed' });
  });
});
