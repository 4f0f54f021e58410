import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { DeploymentJobs } from '#core';
import { Metrics } from '#telemetry';
import { platformMessage } from '../../support/fixtures/platform-message.fixture.js';
import { until } from '../../support/until.js';
import { TokenManagerServiceFixture } from './token-manager-service.fixture.js';

/** What the messages ask for beside the configured terms. */
const MESSAGE_TERMS = { symbol: 'MSG-AI' };

describe("Redis restored from an older copy, on Hokusai's contracts", () => {
  let scene: TokenManagerServiceFixture;
  beforeAll(async () => {
    scene = await TokenManagerServiceFixture.start();
  });
  afterEach(() => scene.reset());
  afterAll(() => scene.stop());

  const nextNonce = async (): Promise<number> => Number(await scene.redis.hget(await scene.laneKey(), 'nextNonce'));
  /** Every model has one token and one registration, and no transaction was sent since. */
  const untouched = async (sent: number, ...models: readonly string[]): Promise<void> => {
    for (const model of models) {
      expect(await scene.contracts.find(model)).toMatchObject({ deployments: 1, registrations: 1 });
    }
    expect(await scene.minedNonce()).toBe(sent);
  };

  /** The node falls back, and the next service takes no nonce from it. @param start what the node still knows */
  const staysBehind = async (start: unknown): Promise<void> => {
    const next = await nextNonce();
    await scene.stopServices();
    await scene.anvil.request('evm_revert', [start]);
    const service = await scene.startService();
    expect(await scene.waitForHold(service, 'lane_quarantined')).toContain('the node is behind what the ledger knows');
    // More than a nonce needs to go back.
    const before = scene.proxy.count('eth_getTransactionCount');
    await until('five looks', () => scene.proxy.count('eth_getTransactionCount') - before >= 15);
    expect(await nextNonce()).toBe(next);
  };

  it('rebuilds the lane by itself, and the messages that come again adopt what it made', async () => {
    await scene.startService();
    await scene.deploy('1');
    const restore = await scene.backUpRedis();
    const messages = [...(await scene.deploy('2', '3')), ...(await scene.deploy('4'))];
    await scene.stopServices();
    const sent = await scene.minedNonce();
    await restore();
    expect(await scene.verifyLedger()).toEqual(['lane-behind-chain', 'token-without-job']);

    const service = await scene.startService();
    await until('the nonce of the chain', async () => (await nextNonce()) === sent);
    expect(await scene.verifyLedger({ quiescent: true, eventsKept: true })).toEqual(['token-without-job']);
    const { values } = await service.get(Metrics).transactionsTotal.get();
    expect(values.filter(({ labels, value }) => labels['outcome'] === 'foreign' && value > 0)).toEqual([]);

    await scene.queue.push(...messages);
    await scene.waitUntilDrained();
    await untouched(sent, '1', '2', '3', '4');
    await scene.deploy('5');
    expect(await scene.minedNonce()).toBe(sent + 2);
    expect(await scene.verifyLedger({ quiescent: true, eventsKept: true })).toEqual([]);
  });

  it('adopts what messages of the copy ask for, and sends no second transaction', async () => {
    const messages = ['1', '2'].map((modelId) => platformMessage({ model_id: modelId }));
    await scene.queue.push(...messages);
    const restore = await scene.backUpRedis();
    await scene.startService();
    await scene.waitUntilDrained();
    await scene.stopServices();
    const sent = await scene.minedNonce();
    await restore();
    await scene.startService();
    await scene.waitUntilDrained();
    await untouched(sent, '1', '2');
    const events = await scene.queue.events();
    expect(events.map((event) => event.model_id).toSorted()).toEqual(['1', '2']);
    expect(await scene.verifyLedger({ quiescent: true, eventsKept: true })).toEqual([]);
  });

  it('finds the second step done that a copy between the steps does not know', async () => {
    await scene.startService();
    await scene.setAutomine(false);
    await scene.queue.push(platformMessage({ model_id: '1' }));
    await until('the deployment in the pool', async () => (await nextNonce()) === 1);
    const restore = await scene.backUpRedis();
    await scene.setAutomine(true);
    await scene.mine();
    await scene.waitUntilDrained();
    await scene.stopServices();
    const sent = await scene.minedNonce();
    expect(sent).toBe(2);
    await restore();
    expect(await scene.verifyLedger()).toContain('lane-behind-chain');

    const service = await scene.startService();
    await scene.waitUntilDrained();
    await until('the nonce of the chain', async () => (await nextNonce()) === sent);
    await untouched(sent, '1');
    const job = await service.get(DeploymentJobs).find('1');
    expect(job).toMatchObject({ state: 'deployed', token: { registration: null } });
    expect(await scene.verifyLedger({ quiescent: true, eventsKept: true })).toEqual([]);
  });

  it('never takes the nonce of a node that is behind a token that governance has to register', async () => {
    await scene.contracts.transferRegistry(scene.admin.address);
    const start = await scene.anvil.request('evm_snapshot');
    await scene.contracts.deployAs(scene.deployer.address, '1', MESSAGE_TERMS);
    await scene.startService();
    await scene.deploy('1');
    expect(await scene.redis.hget(await scene.laneKey(), 'closedBlock')).toBeNull();
    await staysBehind(start);
  });

  it('never takes the nonce of a node that is behind a registration, which is all that the lane has sent', async () => {
    await scene.contracts.deployAs(scene.second.address, '1', MESSAGE_TERMS);
    const start = await scene.anvil.request('evm_snapshot');
    await scene.startService();
    await scene.deploy('1');
    expect(await scene.redis.hget(await scene.laneKey(), 'closedBlock')).not.toBeNull();
    await staysBehind(start);
  });

  it('holds the lane until the transactions that the journal does not know are final', async () => {
    const env = { CONFIRMATIONS: '3' };
    await scene.startService(env);
    await until('the lane', async () => await scene.redis.hget(await scene.laneKey(), 'nextNonce'));
    const restore = await scene.backUpRedis();
    const message = platformMessage({ model_id: '1' });
    await scene.queue.push(message);
    await until('the deployment', async () => (await scene.minedNonce()) === 1);
    await scene.mine(2);
    await until('the registration', async () => (await scene.minedNonce()) === 2);
    await scene.stopServices();
    await restore();

    const service = await scene.startService(env);
    expect(await scene.waitForHold(service, 'lane_quarantined')).toContain('wait to be final');
    await scene.queue.push(message);
    await scene.mine(2);
    await scene.waitForHoldCleared(service, 'lane_quarantined');
    await scene.waitUntilDrained();
    await untouched(2, '1');
    expect(await scene.verifyLedger({ quiescent: true, eventsKept: true }, env)).toEqual([]);
  });
});
