import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Wallet } from 'ethers';
import { DeploymentJobs, LaneJournal } from '#core';
import { Metrics } from '#telemetry';
import { platformMessage } from '../../support/fixtures/platform-message.fixture.js';
import { until } from '../../support/until.js';
import { FactoryServiceFixture } from './factory-service.fixture.js';

describe('Redis restored from an older copy', () => {
  let scene: FactoryServiceFixture;
  beforeAll(async () => {
    scene = await FactoryServiceFixture.start();
  });
  afterEach(() => scene.reset());
  afterAll(() => scene.stop());

  const nextNonce = async (): Promise<number> => Number(await scene.redis.hget(await scene.laneKey(), 'nextNonce'));

  it('rebuilds the lane by itself: jobs, events and next nonce', async () => {
    await scene.startService();
    await scene.deploy('a');
    const restore = await scene.backUpRedis();
    await scene.deploy('b', 'c');
    await scene.deploy('d');
    await scene.stopServices();
    const sent = await scene.minedNonce();
    await restore();
    expect(await scene.verifyLedger()).toEqual(['lane-behind-chain', 'token-without-job']);

    const service = await scene.startService();
    await until('the nonce of the chain', async () => (await nextNonce()) === sent);
    expect(await scene.verifyLedger({ quiescent: true, eventsKept: true })).toEqual([]);
    for (const model of ['b', 'c', 'd']) {
      expect(await service.get(DeploymentJobs).find(model)).toMatchObject({ state: 'deployed' });
    }
    await scene.deploy('e');
    expect(await scene.minedNonce()).toBe(sent + 1);
    expect(await scene.tokens.deployments('e')).toBe(1);
  });

  it('adopts what messages of the copy ask for, and sends no second transaction', async () => {
    const messages = ['a', 'b'].map((modelId) => platformMessage({ model_id: modelId }));
    await scene.queue.push(...messages);
    const restore = await scene.backUpRedis();
    await scene.startService();
    await scene.waitUntilDrained();
    await scene.stopServices();
    const sent = await scene.minedNonce();
    await restore();
    await scene.startService();
    await scene.waitUntilDrained();
    expect(await scene.minedNonce()).toBe(sent);
    const events = await scene.queue.events();
    expect(events.map((event) => event.model_id).toSorted()).toEqual(['a', 'b']);
    expect(await scene.verifyLedger({ eventsKept: true })).toEqual([]);
  });

  it('holds the lane until the transactions that the journal does not know are final', async () => {
    const env = { CONFIRMATIONS: '3' };
    await scene.startService(env);
    await scene.queue.push(platformMessage({ model_id: 'a' }));
    await until('the first transaction', async () => (await scene.minedNonce()) === 1);
    await scene.mine(3);
    await scene.waitUntilDrained();
    const restore = await scene.backUpRedis();
    await scene.queue.push(platformMessage({ model_id: 'b' }));
    await until('the second transaction', async () => (await scene.minedNonce()) === 2);
    await scene.stopServices();
    await restore();

    const service = await scene.startService(env);
    expect(await scene.waitForHold(service, 'lane_quarantined')).toContain('wait to be final');
    await scene.queue.push(platformMessage({ model_id: 'c' }));
    await scene.mine(2);
    await scene.waitForHoldCleared(service, 'lane_quarantined');
    await until('the next transaction', async () => (await scene.minedNonce()) === 3);
    await scene.mine(3);
    await scene.waitUntilDrained();
    expect(await service.get(DeploymentJobs).find('b')).toMatchObject({ state: 'deployed' });
    expect(await scene.tokens.deployments()).toBe(3);
  });

  it('holds the lane while such transactions wait in the pool, and says what to do', async () => {
    await scene.startService();
    await scene.deploy('a');
    const restore = await scene.backUpRedis();
    await scene.setAutomine(false);
    await scene.queue.push(platformMessage({ model_id: 'b' }));
    const pending = [scene.deployer.address, 'pending'];
    await until(
      'the transaction',
      async () => Number(await scene.anvil.request('eth_getTransactionCount', pending)) === 2,
    );
    await scene.stopServices();
    await restore();
    const service = await scene.startService();
    expect(await scene.waitForHold(service, 'lane_quarantined')).toContain('If another program uses this key, stop it');
    await scene.mine();
    await scene.waitForHoldCleared(service, 'lane_quarantined');
    expect(await scene.verifyLedger({ quiescent: true, eventsKept: true })).toEqual([]);
  });

  it('continues after transactions of another program, and counts them', async () => {
    await scene.startService();
    await scene.deploy('a');
    await scene.stopServices();
    const fields = { to: scene.admin.address, gasLimit: 21_000n, chainId: 31337, type: 2, nonce: 1 };
    const fees = { maxFeePerGas: 50_000_000_000n, maxPriorityFeePerGas: 1_000_000_000n };
    const raw = await new Wallet(scene.deployer.privateKey).signTransaction({ ...fields, ...fees });
    await scene.anvil.request('eth_sendRawTransaction', [raw]);
    const service = await scene.startService();
    await scene.deploy('b');
    expect(await scene.minedNonce()).toBe(3);
    const { values } = await service.get(Metrics).transactionsTotal.get();
    const foreign = values.filter(({ labels, value }) => labels['outcome'] === 'foreign' && value > 0);
    expect(foreign).toMatchObject([{ labels: { kind: 'foreign' }, value: 1 }]);
    expect(await scene.verifyLedger({ eventsKept: true })).toEqual([]);
  });

  it('reads the events where the node keeps no state that old', async () => {
    await scene.startService();
    await scene.deploy('a');
    const restore = await scene.backUpRedis();
    await scene.deploy('b');
    await scene.deploy('c');
    await scene.stopServices();
    await restore();
    const newest = Number(await scene.anvil.request('eth_blockNumber'));
    scene.proxy.setRule(({ method, params }) => {
      const isOld = method === 'eth_getTransactionCount' && Number(params[1]) < newest;
      return isOld
        ? { code: -32000, message: 'missing trie node 0xabc (path ) state 0xdef is not available' }
        : 'forward';
    });
    await scene.startService();
    await until('the nonce of the chain', async () => (await nextNonce()) === 3);
    expect(await scene.verifyLedger({ quiescent: true, eventsKept: true })).toEqual([]);
  });

  it('never takes the nonce of a node that is behind what the ledger knows', async () => {
    const first = await scene.startService();
    const start = await scene.anvil.request('evm_snapshot');
    await scene.deploy('a');
    const job = await first.get(DeploymentJobs).find('a');
    const hash = job?.token?.transactionHash;
    const raw = await scene.anvil.request('eth_getRawTransactionByHash', [hash]);
    await scene.stopServices();
    await scene.anvil.request('evm_revert', [start]);

    const service = await scene.startService();
    expect(await scene.waitForHold(service, 'lane_quarantined')).toContain('the node is behind what the ledger knows');
    await scene.queue.push(platformMessage({ model_id: 'b' }));
    // More than a nonce needs to go back.
    const looks = (): number => scene.proxy.count('eth_getTransactionCount');
    const before = looks();
    await until('five looks at the next nonce', () => looks() - before >= 15);
    expect(await nextNonce()).toBe(1);
    expect(await scene.minedNonce()).toBe(0);
    expect((await service.get(LaneJournal).read(scene.deployer.address)).slots).toEqual([]);

    await scene.anvil.request('eth_sendRawTransaction', [raw]);
    await scene.waitForHoldCleared(service, 'lane_quarantined');
    await scene.waitUntilDrained();
    expect(await scene.minedNonce()).toBe(2);
    expect(await scene.verifyLedger({ eventsKept: true })).toEqual([]);
  });
});
