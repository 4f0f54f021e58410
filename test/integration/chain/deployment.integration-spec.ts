import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ChainHarness } from '../../support/chain/chain-harness.js';
import { Deferred } from '../../support/deferred.js';
import { RpcProxy } from '../../support/rpc/rpc-proxy.js';
import { until } from '../../support/until.js';

describe('From an admitted job to a final token', () => {
  let chain: ChainHarness;
  beforeAll(async () => {
    chain = await ChainHarness.start();
  });
  afterEach(() => chain.reset());
  afterAll(() => chain.stop());

  it('deploys one model by itself', async () => {
    const replica = await chain.startReplica();
    await replica.submit('single');
    const finding = await replica.waitForResult('single');
    const token = await chain.tokens.find('single');
    expect(finding).toMatchObject({
      kind: 'deployed',
      token: { tokenAddress: token?.address, deployerAddress: chain.deployer.address },
    });
    expect(token).toMatchObject({ symbol: 'TEST', name: 'Hokusai TEST', deployments: 1 });
    expect(await replica.eventModelIds()).toEqual(['single']);
    expect(await replica.slots()).toEqual([]);
    expect(await replica.jobs.find('single')).toMatchObject({ state: 'deployed', slot: null });
    expect(chain.proxy.sentTransactions).toHaveLength(1);
  });

  it('deploys many in one transaction, which they share the gas of', async () => {
    const models = ['batch-1', 'batch-2', 'batch-3'];
    const replica = await chain.startReplica();
    await replica.submit(...models);
    const findings = await Promise.all(models.map((model) => replica.waitForResult(model)));
    const tokens = findings.flatMap((finding) => (finding.kind === 'deployed' ? [finding.token] : []));
    const hashes = new Set(tokens.map(({ transactionHash }) => transactionHash));
    expect(hashes.size).toBe(1);
    const receipt = (await chain.anvil.request('eth_getTransactionReceipt', [...hashes])) as { gasUsed: string };
    expect(tokens.reduce((sum, { gasUsed }) => sum + gasUsed, 0n)).toBe(BigInt(receipt.gasUsed));
    for (const model of models) expect((await chain.tokens.find(model))?.deployments).toBe(1);
    expect((await replica.eventModelIds()).toSorted()).toEqual(models);
    expect(chain.proxy.sentTransactions).toHaveLength(1);
  });

  it('sends at once when nothing is on the way, and waits for company only while something is', async () => {
    await chain.setAutomine(false);
    const replica = await chain.startReplica({ BATCH_WAIT_MS: '1500' });
    await until('the lane', () => replica.holds.list().length === 0);
    const submitted = Date.now();
    await replica.submit('first');
    await replica.waitForOpenSlots(1);
    expect(Date.now() - submitted).toBeLessThan(1_400);
    await replica.submit('second');
    await replica.submit('third');
    const [, slot] = await replica.waitForOpenSlots(2);
    expect(slot?.modelIds).toEqual(['second', 'third']);
    expect(Date.now() - submitted).toBeGreaterThan(1_400);
    await chain.waitForMempool(2);
    await chain.mine();
    await Promise.all(['first', 'second', 'third'].map((model) => replica.waitForResult(model)));
  });

  it('sends at once when the last transaction went long enough ago, whether or not it is mined', async () => {
    await chain.setAutomine(false);
    const replica = await chain.startReplica({ BATCH_WAIT_MS: '3000' });
    await replica.submit('steady-1');
    const [first] = await replica.waitForOpenSlots(1);
    await until('the wait to be over', () => Date.now() - (first?.attempts[0]?.signedAt ?? Infinity) > 3_000);
    await replica.submit('steady-2');
    const [, second] = await replica.waitForOpenSlots(2);
    expect(Number(second?.attempts[0]?.signedAt) - Number(first?.attempts[0]?.signedAt)).toBeLessThan(5_900);
  });

  it('does not wait any longer when the batch is full', async () => {
    await chain.setAutomine(false);
    const replica = await chain.startReplica({ BATCH_WAIT_MS: '60000', BATCH_SIZE: '2' });
    await replica.submit('full-1');
    await replica.waitForOpenSlots(1);
    await replica.submit('full-2', 'full-3', 'full-4', 'full-5');
    const slots = await replica.waitForOpenSlots(3);
    expect(slots.map(({ modelIds }) => modelIds.length)).toEqual([1, 2, 2]);
  });

  it('keeps no more transactions in the pool than it may', async () => {
    await chain.setAutomine(false);
    const replica = await chain.startReplica({ MAX_IN_FLIGHT: '2', BATCH_SIZE: '1', BATCH_WAIT_MS: '0' });
    const models = ['flight-1', 'flight-2', 'flight-3', 'flight-4', 'flight-5'];
    const inPool: number[] = [];
    chain.proxy.addHook('eth_sendRawTransaction', async () => {
      const latest = await chain.nonce('latest');
      inPool.push((await chain.nonce('pending')) - latest);
    });
    await replica.submit(...models);
    for (const inFlight of [2, 2, 1]) {
      await chain.waitForMempool(inFlight);
      // The lane is not waiting for anything but a free place.
      await until('all of them journalled', async () => (await replica.laneSlotsMetric('unmined')) === inFlight);
      expect(await replica.slots()).toHaveLength(inFlight);
      await chain.mine();
    }
    await Promise.all(models.map((model) => replica.waitForResult(model)));
    expect(inPool).toHaveLength(5);
    expect(Math.max(...inPool)).toBe(1);
  });

  it('fails a model that has another record, and sends nothing', async () => {
    await chain.deployAsAnother('taken', { tokenSymbol: 'OTHER' });
    const replica = await chain.startReplica();
    await replica.submit('taken');
    const finding = await replica.waitForResult('taken');
    const token = await chain.tokens.find('taken');
    expect(finding).toMatchObject({ kind: 'failed', reason: 'conflict' });
    expect(finding).toHaveProperty('error', `model taken already has the token ${token?.address} with another record`);
    expect(chain.proxy.sentTransactions).toEqual([]);
    expect(await replica.eventModelIds()).toEqual([]);
  });

  it('takes a conflict out of a batch, and its neighbours go on in one transaction', async () => {
    await chain.deployAsAnother('between', { currentValue: 1n });
    const replica = await chain.startReplica();
    await replica.submit('left', 'between', 'right');
    expect(await replica.waitForResult('between')).toMatchObject({ kind: 'failed', reason: 'conflict' });
    expect(await replica.waitForResult('left')).toMatchObject({ kind: 'deployed' });
    expect(await replica.waitForResult('right')).toMatchObject({ kind: 'deployed' });
    expect(chain.proxy.sentTransactions).toHaveLength(1);
    expect((await replica.eventModelIds()).toSorted()).toEqual(['left', 'right']);
  });

  it('leaves a model out that reverts the whole batch, and names its error', async () => {
    const replica = await chain.startReplica();
    const tooLong = 'm'.repeat(300);
    await replica.submit('before', tooLong, 'after');
    expect(await replica.waitForResult(tooLong)).toMatchObject({ kind: 'failed', reason: 'deployment_reverted' });
    expect(await replica.waitForResult('before')).toMatchObject({ kind: 'deployed' });
    expect(await replica.waitForResult('after')).toMatchObject({ kind: 'deployed' });
    expect(chain.proxy.sentTransactions).toHaveLength(1);
  });

  it('gives a job another look when its token appeared between simulation and inclusion', async () => {
    await chain.setAutomine(false);
    const replica = await chain.startReplica();
    await replica.submit('raced', 'calm');
    await chain.waitForMempool(1);
    await chain.frontRunDeploy('raced');
    expect(await replica.waitForResult('calm')).toMatchObject({ kind: 'deployed' });
    await chain.setAutomine(true);
    expect(await until('adoption', () => replica.results.of('raced')?.kind === 'adopted')).toBe(true);
    expect((await chain.tokens.find('raced'))?.deployments).toBe(1);
    expect((await replica.eventModelIds()).toSorted()).toEqual(['calm', 'raced']);
  });

  it('does not lose such a job while an endpoint still owes its answer to the broadcast', async () => {
    const slow = await RpcProxy.start(chain.anvil.url);
    const gate = new Deferred();
    slow.addHook('eth_sendRawTransaction', async () => {
      await gate.promise;
    });
    await chain.setAutomine(false);
    const replica = await chain.startReplica({
      WEB3_PROVIDER_URL: `${chain.proxy.url},${slow.url}`,
      RPC_TIMEOUT: '30',
    });
    await replica.submit('slow-raced', 'slow-calm');
    await chain.waitForMempool(1);
    await chain.frontRunDeploy('slow-raced');
    await until('the job given back', () => replica.results.returned.some(({ modelId }) => modelId === 'slow-raced'));
    gate.resolve();
    await until('adoption', () => replica.results.of('slow-raced')?.kind === 'adopted');
    expect((await chain.tokens.find('slow-raced'))?.deployments).toBe(1);
    await slow.stop();
  });

  it('takes a failed job that is tried again while the batch that failed it is still in hand', async () => {
    const gate = new Deferred();
    const replica = await chain.startReplica();
    await chain.deployAsAnother('retried', { metricName: 'other' });
    chain.proxy.addHook('eth_sendRawTransaction', async () => {
      await gate.promise;
    });
    await replica.submit('retried', 'neighbour');
    await until('the transaction on its way', () => chain.proxy.sentTransactions.length === 1);
    expect(replica.results.results).toMatchObject([{ kind: 'failed', modelId: 'retried' }]);
    await replica.submit('retried');
    gate.resolve();
    await until('a second verdict', () => replica.results.results.filter(({ kind }) => kind === 'failed').length === 2);
    expect(await replica.waitForResult('neighbour')).toMatchObject({ kind: 'deployed' });
  });

  it('holds the journal to every byte before it leaves (J1)', async () => {
    const replica = await chain.startReplica({ BATCH_SIZE: '1' });
    const journalled: boolean[] = [];
    chain.proxy.addHook('eth_sendRawTransaction', async ([raw]) => {
      const slots = await replica.slots();
      journalled.push(slots.some(({ attempts }) => attempts.some((attempt) => attempt.raw === raw)));
    });
    await replica.submit('order-1', 'order-2', 'order-3');
    await Promise.all(['order-1', 'order-2', 'order-3'].map((model) => replica.waitForResult(model)));
    expect(journalled).toEqual([true, true, true]);
  });
});
