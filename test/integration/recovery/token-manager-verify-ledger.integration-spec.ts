import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { decodeTokenManagerDeployment, encodeTokenManagerDeployment } from '#contracts';
import { DeploymentJobs } from '#core';
import { runVerifyLedger } from '../../../apps/cli/src/verify-ledger/verify-ledger.runner.js';
import { platformMessage } from '../../support/fixtures/platform-message.fixture.js';
import { until } from '../../support/until.js';
import { TokenManagerServiceFixture } from './token-manager-service.fixture.js';
import { DISCREPANCY_CASES, REGISTRY_DISCREPANCY_CASES, QUIESCENT } from './discrepancy-cases.js';
import { InjectedRegistryDiscrepancies } from './injected-registry-discrepancies.js';

const EVENTS = 'hokusai:token_deployed_queue';
/** Code that calls a contract with what it is called with itself. */
const forwarderTo = (contract: string): string => `0x366000600037600060003660003473${contract.slice(2)}5af100`;

describe("The audit of a deployer on Hokusai's contracts", () => {
  let scene: TokenManagerServiceFixture;
  beforeAll(async () => {
    scene = await TokenManagerServiceFixture.start();
  });
  afterEach(() => scene.reset());
  afterAll(() => scene.stop());

  it('finds nothing in a system that works, running or stopped', async () => {
    await scene.startService();
    await scene.deploy('1', '2', '3');
    expect(await scene.verifyLedger({ eventsKept: true })).toEqual([]);
    await scene.stopServices();
    expect(await scene.verifyLedger({ quiescent: true, eventsKept: true, distinctMessages: true })).toEqual([]);
  });

  it('reports no discrepancy for work in flight at any step', async () => {
    const env = { CONFIRMATIONS: '2' };
    await scene.startService(env);
    await scene.queue.push(...['1', '2'].map((modelId) => platformMessage({ model_id: modelId })));
    for (const step of ['deployed', 'registered'] as const) {
      const count = step === 'deployed' ? 2 : 4;
      await until(`the models to be ${step}`, async () => (await scene.minedNonce()) === count);
      for (let look = 0; look < 2; look += 1) expect(await scene.verifyLedger({}, env)).toEqual([]);
      await scene.mine(2);
    }
    await scene.waitUntilDrained();
    expect(await scene.verifyLedger(QUIESCENT, env)).toEqual([]);
  });

  it('follows a token that governance has to register, until it is registered and after', async () => {
    const { contracts, admin } = scene;
    await contracts.transferRegistry(admin.address);
    await scene.startService();
    await scene.deploy('1');
    expect(await scene.verifyLedger({ eventsKept: true })).toEqual([]);
    await scene.stopServices();
    expect(await scene.verifyLedger({ quiescent: true, eventsKept: true })).toEqual([]);
    const [event] = await scene.redis.lrange(EVENTS, 0, 0);
    await scene.redis.del(EVENTS);
    expect(await scene.verifyLedger({ eventsKept: true })).toEqual(['event-not-queued']);
    await scene.redis.lpush(EVENTS, event ?? '');

    await contracts.registerAs(admin.address, '1', await scene.tokenOf('1'));
    expect(await scene.verifyLedger()).toEqual([]);
    expect(await scene.verifyLedger(QUIESCENT)).toEqual(['registration-not-settled']);
    await scene.startService();
    await until('the second event', async () => (await scene.queue.events()).length === 2);
    expect(await scene.verifyLedger({ quiescent: true, eventsKept: true })).toEqual([]);
    expect((await contracts.find('1')).deployments).toBe(1);
  });

  it('takes a registration that has become ours for none, while it is under way', async () => {
    const env = { CONFIRMATIONS: '2' };
    const { contracts, admin, deployer } = scene;
    await contracts.transferRegistry(admin.address);
    const service = await scene.startService(env);
    const hasState = async (state: string) => (await service.get(DeploymentJobs).find('1'))?.state === state;
    await scene.queue.push(platformMessage({ model_id: '1' }));
    await until('the token', async () => (await scene.minedNonce()) === 1);
    await scene.mine(2);
    await until('the end of our part', () => hasState('deployed_unregistered'));
    await contracts.transferRegistry(deployer.address);
    await scene.mine();
    await until('the registration', async () => (await scene.minedNonce()) === 2 && (await hasState('submitted')));
    expect(await scene.verifyLedger({}, env)).toEqual([]);
    await scene.mine(2);
    await until('the end', () => hasState('deployed'));
    expect(await scene.verifyLedger({ quiescent: true, eventsKept: true }, env)).toEqual([]);
  });

  it('finds a token that governance registered under another model', async () => {
    const { contracts, admin } = scene;
    await contracts.transferRegistry(admin.address);
    await scene.startService();
    await scene.deploy('1', '2');
    await contracts.registerAs(admin.address, '1', await scene.tokenOf('2'));
    expect(await scene.verifyLedger()).toEqual(['registered-otherwise']);
  });

  it("counts others' tokens, and takes none for a disagreement, however they were made", async () => {
    const { contracts, admin, anvil } = scene;
    await scene.startService();
    await scene.deploy('1');
    await contracts.deployAs(admin.address, '501');
    const forwarder = '0x00000000000000000000000000000000000F0123';
    await anvil.request('anvil_setCode', [forwarder, forwarderTo(contracts.manager)]);
    const nameless = callNamed('Another', contracts.deployment('502'));
    await contracts.send(admin.address, forwarder, nameless);
    await until('the token', async () => (await contracts.find('502')).address);
    const report = await runVerifyLedger(scene.environment, { quiescent: true });
    expect(report.disagreements).toEqual([]);
    expect(report.counts).toMatchObject({ tokens: 3, foreignTokens: 2 });
  });

  it('names the model of a lost job by the hash of its id, regardless of the name of the token', async () => {
    const { contracts, second } = scene;
    await scene.startService();
    await scene.deploy('1');
    await contracts.send(second.address, contracts.manager, callNamed('Another', contracts.deployment('503')));
    await until('the token', async () => (await contracts.find('503')).address);
    const { disagreements } = await runVerifyLedger(scene.environment, { quiescent: true });
    expect(disagreements).toMatchObject([{ code: 'token-without-job', subject: 'model 503' }]);
  });

  it('takes a job for settled that failed because the token is not for it', async () => {
    const { contracts, admin, second } = scene;
    await contracts.deployAs(admin.address, '1', { symbol: 'MSG-AI' });
    await contracts.deployAs(second.address, '2', { symbol: 'OTHER' });
    await contracts.deployAs(second.address, '3', { symbol: 'MSG-AI', licenseURI: 'https://example.com/other' });
    await scene.startService();
    await scene.deploy('1', '2', '3');
    expect(await scene.queue.deadLetters()).toHaveLength(3);
    expect(await scene.verifyLedger(QUIESCENT)).toEqual([]);
  });
});

describe('The audit of what was planted among tokens with a registry of their own', () => {
  let scene: TokenManagerServiceFixture;
  beforeAll(async () => {
    scene = await TokenManagerServiceFixture.start();
    await scene.startService();
    await scene.deploy('1');
    await scene.deploy('2');
    await scene.saveState();
  });
  afterEach(() => scene.reset());
  afterAll(() => scene.stop());

  const cases = [...DISCREPANCY_CASES, ...REGISTRY_DISCREPANCY_CASES].map(
    ([code, plant, options = {}, others = []]) => ({
      code,
      plant,
      options,
      others,
    }),
  );
  it.each(cases)('finds $code', async ({ code, plant, options, others }) => {
    await plant(new InjectedRegistryDiscrepancies(scene));
    expect(await scene.verifyLedger(options)).toEqual([code, ...others].toSorted());
  });

  it('finds an event that names another registration', async () => {
    const planted = new InjectedRegistryDiscrepancies(scene);
    await planted.event((event) => ({ ...event, registry_transaction_hash: `0x${'ff'.repeat(32)}` }));
    expect(await scene.verifyLedger()).toEqual(['event-differs']);
  });

  it('does not take a foreign token for the token of an open job', async () => {
    await new InjectedRegistryDiscrepancies(scene).jobAdmitted();
    await scene.contracts.deployAs(scene.admin.address, scene.models.fresh);
    expect(await scene.verifyLedger(QUIESCENT)).toEqual(['job-open', 'job-without-message']);
  });

  it('finds every token lost in an empty ledger, with and without the key', async () => {
    await scene.redis.flushall();
    expect(await scene.verifyLedger(QUIESCENT)).toEqual(['token-without-job']);
    const keyless = { DEPLOYER_PRIVATE_KEY: undefined, FORMER_DEPLOYERS: undefined };
    expect(await scene.verifyLedger(QUIESCENT, keyless)).toEqual(['token-without-job']);
  });
});

/** The same deployment under another ERC-20 name, from which the model id cannot be told. */
function callNamed(name: string, calldata: string): string {
  const call = decodeTokenManagerDeployment(calldata);
  if (call === null) throw new Error('no deployment');
  return encodeTokenManagerDeployment({ ...call, name });
}
