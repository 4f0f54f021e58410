import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { LaneProbe } from '#chain';
import { DeploymentJobs } from '#core';
import { ANVIL_ACCOUNTS } from '../../support/chain/anvil.js';
import { platformMessage } from '../../support/fixtures/platform-message.fixture.js';
import { until } from '../../support/until.js';
import { FactoryServiceFixture } from './factory-service.fixture.js';

const [, , SECOND] = ANVIL_ACCOUNTS;
const OTHER_KEY = { DEPLOYER_PRIVATE_KEY: SECOND.privateKey };

describe('A lane whose key left the configuration', () => {
  let scene: FactoryServiceFixture;
  beforeAll(async () => {
    scene = await FactoryServiceFixture.start();
  });
  afterEach(() => scene.reset());
  afterAll(() => scene.stop());

  it('is brought to its end without the key, and shows as degraded meanwhile', async () => {
    await scene.setAutomine(false);
    await scene.startService();
    await scene.queue.push(platformMessage({ model_id: 'a' }));
    await until('the transaction', () => scene.proxy.sentTransactions.length === 1);
    await scene.stopServices();
    await scene.anvil.request('anvil_dropAllTransactions');

    const service = await scene.startService({ ...OTHER_KEY, REPLACE_AFTER: '0.5' });
    await until('the same bytes again', () => scene.proxy.sentTransactions.length > 1);
    const { status, detail } = await service.get(LaneProbe, { strict: false }).check();
    expect({ status, detail }).toEqual({
      status: 'degraded',
      detail: `${scene.deployer.address} has 1 open slots, but its key is not configured or not available`,
    });
    await scene.setAutomine(true);
    await scene.mine();
    await until('the job', async () => (await service.get(DeploymentJobs).find('a'))?.state === 'deployed');
    expect(new Set(scene.proxy.sentTransactions).size).toBe(1);
    await until('the end', async () => (await service.get(LaneProbe, { strict: false }).check()).status === 'up');
    await scene.waitUntilDrained();
    await scene.deploy('b');
    expect(await scene.verifyLedger({ quiescent: true, eventsKept: true })).toEqual([]);
  });
});
