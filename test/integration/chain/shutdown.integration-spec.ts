import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ChainHarness } from '../../support/chain-harness.js';
import { Gate } from '../../support/gate.js';
import { until } from '../../support/until.js';

describe('Shutdown', () => {
  let chain: ChainHarness;
  beforeAll(async () => {
    chain = await ChainHarness.start();
  });
  afterEach(() => chain.reset());
  afterAll(() => chain.stop());

  it('begins no transaction for a batch that was still waiting for company', async () => {
    await chain.mining(false);
    const replica = await chain.started({ BATCH_WAIT_MS: '60000' });
    const witness = await chain.replica();
    await replica.submit('sent');
    await chain.pooled(1);
    await replica.submit('waiting');
    await replica.stop();
    expect((await witness.slots()).map(({ modelIds }) => modelIds)).toEqual([['sent']]);
    expect(await witness.jobs.find('waiting')).toMatchObject({ state: 'admitted' });
    expect(chain.proxy.sent).toHaveLength(1);
  });

  it('journals nothing that it would not send any more', async () => {
    const replica = await chain.started();
    const witness = await chain.replica();
    const gate = new Gate();
    chain.proxy.before('eth_estimateGas', () => gate.opened);
    await replica.submit('late');
    await until('the transaction about to be signed', () => chain.proxy.count('eth_estimateGas') === 1);
    const stopped = replica.stop();
    gate.open();
    await stopped;
    expect(await witness.slots()).toEqual([]);
    expect(await witness.jobs.find('late')).toMatchObject({ state: 'admitted', attempts: [] });
    expect(chain.proxy.sent).toEqual([]);
  });

  it('leaves the lane to the next process at once', async () => {
    const replica = await chain.started({ LANE_LEASE: '600' });
    await until('the lane', () => replica.holds.list().length === 0);
    await replica.stop();
    const next = await chain.started({ LANE_LEASE: '600' });
    await next.submit('inherited');
    expect(await next.verdict('inherited')).toMatchObject({ kind: 'deployed' });
  });
});
