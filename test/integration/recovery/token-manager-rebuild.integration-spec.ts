import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { DeploymentJobs } from '#core';
import {
  runRebuildLedger,
  type RebuildLedgerOptions,
} from '../../../apps/cli/src/rebuild-ledger/rebuild-ledger.runner.js';
import { platformMessage } from '../../support/fixtures/platform-message.fixture.js';
import { until } from '../../support/until.js';
import { TokenManagerServiceFixture } from './token-manager-service.fixture.js';

const MODELS = ['1', '2', '3'];

async function jobOf(service: Awaited<ReturnType<TokenManagerServiceFixture['startService']>>, model: string) {
  return await service.get(DeploymentJobs).find(model);
}

describe("Rebuilding the ledger of a deployer on Hokusai's contracts", () => {
  let scene: TokenManagerServiceFixture;
  beforeAll(async () => {
    scene = await TokenManagerServiceFixture.start();
  });
  afterEach(() => scene.reset());
  afterAll(() => scene.stop());

  const rebuild = async (options: RebuildLedgerOptions = {}, changes: Readonly<Record<string, string>> = {}) =>
    await runRebuildLedger({ ...scene.environment, ...changes }, options);
  const outcomes = ({ lanes }: Awaited<ReturnType<typeof rebuild>>) => lanes.map(({ outcome }) => outcome);

  /** Tokens that were made, registered and paid for, and a Redis that knows nothing of them. */
  const lost = async (): Promise<readonly string[]> => {
    await scene.startService();
    const messages = await scene.deploy(...MODELS);
    await scene.stopServices();
    await scene.redis.flushall();
    return messages;
  };

  it('brings back the next nonce, names the tokens, and the same messages adopt them', async () => {
    const first = await scene.startService();
    const messages = await scene.deploy(...MODELS);
    const before = await Promise.all(MODELS.map((model) => jobOf(first, model)));
    const eventIds = (await scene.queue.events()).map((event) => event.event_id);
    await scene.stopServices();
    await scene.redis.flushall();

    const report = await rebuild();
    expect(report).toMatchObject({ tokens: 3, foreignTokens: 0, restored: 0, present: 0, differing: [] });
    expect(report.adoptable).toBe(3);
    expect(report.adoptableModels.toSorted()).toEqual(MODELS);
    expect(report.unadoptable).toEqual([]);
    expect(outcomes(report)).toEqual(['set']);
    const sent = await scene.minedNonce();
    expect(await scene.redis.hget(await scene.laneKey(), 'nextNonce')).toBe(String(sent));
    expect(await scene.verifyLedger({ quiescent: true })).toEqual(['token-without-job']);

    const service = await scene.startService();
    await scene.queue.push(...messages);
    await scene.waitUntilDrained();
    expect(await scene.minedNonce()).toBe(sent);
    expect(await scene.queue.deadLetters()).toEqual([]);
    for (const job of before) {
      const { modelId } = job?.request.record ?? { modelId: '' };
      expect(await scene.contracts.find(modelId)).toMatchObject({ deployments: 1, registrations: 1 });
      const adopted = await jobOf(service, modelId);
      expect(adopted).toMatchObject({ state: 'deployed', request: job?.request, eventId: job?.eventId });
      expect(adopted?.token).toEqual(job?.token);
    }
    const events = await scene.queue.events();
    expect(events.map((event) => event.event_id).toSorted()).toEqual(eventIds.toSorted());
    await scene.deploy('4');
    expect(await scene.minedNonce()).toBe(sent + 2);
    expect(await scene.verifyLedger({ eventsKept: true })).toEqual([]);
  });

  it('lets the next message go on where the steps stopped', async () => {
    const { contracts, deployer } = scene;
    await contracts.deployAs(deployer.address, '7', { symbol: 'MSG-AI' });
    expect(await rebuild()).toMatchObject({ adoptable: 1, adoptableModels: ['7'] });
    await scene.startService();
    await scene.deploy('7');
    expect(await contracts.find('7')).toMatchObject({ deployments: 1, registrations: 1 });
    expect(await scene.minedNonce()).toBe(2);
    expect(await scene.verifyLedger({ eventsKept: true })).toEqual([]);
  });

  it('leaves a token to governance once more, and publishes the same event', async () => {
    const { contracts, admin } = scene;
    await contracts.transferRegistry(admin.address);
    await scene.startService();
    const messages = await scene.deploy('1');
    const [event] = await scene.queue.events();
    await scene.stopServices();
    await scene.redis.flushall();
    expect(await rebuild()).toMatchObject({ adoptable: 1 });
    const service = await scene.startService();
    await scene.queue.push(...messages);
    await scene.waitUntilDrained();
    expect(await jobOf(service, '1')).toMatchObject({ state: 'deployed_unregistered' });
    expect(await scene.queue.events()).toEqual([event]);
    expect(await scene.minedNonce()).toBe(1);

    await contracts.registerAs(admin.address, '1', await scene.tokenOf('1'));
    await until('the end', async () => (await jobOf(service, '1'))?.state === 'deployed');
    expect(await scene.verifyLedger({ quiescent: true, eventsKept: true })).toEqual([]);
  });

  it('takes the record from the next message, including the fields that the chain does not keep', async () => {
    await lost();
    await rebuild();
    const service = await scene.startService();
    await scene.queue.push(platformMessage({ model_id: '1', baseline_value: 0.2, current_value: 0.3 }));
    await scene.waitUntilDrained();
    expect(await jobOf(service, '1')).toMatchObject({
      state: 'deployed',
      request: { record: { baselineValue: 200_000_000_000_000_000n } },
    });
    expect(await scene.queue.deadLetters()).toEqual([]);
  });

  it('says in a dry run what it would do, and writes nothing', async () => {
    await lost();
    const report = await rebuild({ dryRun: true });
    expect(report).toMatchObject({ dryRun: true, adoptable: 3 });
    expect(outcomes(report)).toEqual(['set']);
    expect(await scene.redis.keys('*')).toEqual([]);
  });

  it('does nothing the second time', async () => {
    await lost();
    await rebuild();
    const keys = await scene.redis.keys('*');
    const lane = await scene.redis.hget(await scene.laneKey(), 'nextNonce');
    const again = await rebuild();
    expect(again).toMatchObject({ adoptable: 3, restored: 0 });
    expect(outcomes(again)).toEqual(['right']);
    expect(await scene.redis.keys('*')).toEqual(keys);
    expect(await scene.redis.hget(await scene.laneKey(), 'nextNonce')).toBe(lane);
  });

  it('works beside a service, whose lane and jobs it leaves alone', async () => {
    const messages = await lost();
    const service = await scene.startService();
    await until('the lane to be taken', async () => await scene.redis.hget(await scene.laneKey(), 'owner'));
    await scene.queue.push(...messages);
    const [report] = await Promise.all([rebuild(), scene.deploy('4')]);
    expect(outcomes(report)).toEqual(['held']);
    expect(report.adoptable + report.open + report.present).toBe(report.tokens);
    expect(report).toMatchObject({ restored: 0, differing: [], unadoptable: [] });
    expect(await scene.verifyLedger({ eventsKept: true })).toEqual([]);
    expect(await rebuild()).toMatchObject({ present: 4, adoptable: 0 });
    expect(await jobOf(service, '4')).toMatchObject({ state: 'deployed' });
  });

  it('leaves a job between the steps to the service', async () => {
    const env = { CONFIRMATIONS: '3' };
    await scene.startService(env);
    await scene.queue.push(platformMessage({ model_id: '1' }));
    await until('the deployment', async () => (await scene.minedNonce()) === 1);
    await scene.mine(2);
    await until('the registration', async () => (await scene.minedNonce()) === 2);
    await scene.stopServices();
    expect(await rebuild({}, env)).toMatchObject({ tokens: 1, open: 1, adoptable: 0, unadoptable: [] });
  });

  it('says of which tokens the next message would be a conflict, as it then is', async () => {
    const messages = await lost();
    const { contracts, admin } = scene;
    await scene.registerOtherwise('2', await scene.tokenOf('3'));
    await contracts.deployAs(admin.address, '8', { symbol: 'MSG-AI' });
    const terms = { LICENSE_URI: 'https://example.com/next' };
    const [now, later] = [await rebuild({ dryRun: true }), await rebuild({ dryRun: true }, terms)];
    expect(now).toMatchObject({ tokens: 4, foreignTokens: 1, adoptable: 2, unadoptable: ['2'] });
    expect(later).toMatchObject({ adoptable: 0 });
    expect(later.unadoptable.toSorted()).toEqual(MODELS);

    await scene.startService(terms);
    await scene.queue.push(...messages);
    await scene.waitUntilDrained();
    const reasons = (await scene.queue.deadLetters()).map(({ reason }) => reason);
    expect(reasons).toEqual(['conflict', 'conflict', 'conflict']);
    expect(await rebuild({}, terms)).toMatchObject({ present: 3, adoptable: 0, unadoptable: [] });
    expect((await contracts.find('1')).deployments).toBe(1);
  });

  it('counts the tokens of accounts that were used before as ours', async () => {
    const { contracts, second } = scene;
    await contracts.deployAs(second.address, '9', { symbol: 'MSG-AI' });
    expect(await rebuild()).toMatchObject({ tokens: 1, foreignTokens: 0, adoptableModels: ['9'] });
    expect(await rebuild({}, { FORMER_DEPLOYERS: '' })).toMatchObject({ foreignTokens: 1, adoptable: 0 });
  });

  it('reports a job that the chain contradicts, and leaves it', async () => {
    await scene.startService();
    await scene.deploy('1');
    await scene.stopServices();
    const key = await scene.jobKey('1');
    const token = (await scene.redis.hget(key, 'token')) ?? '';
    await scene.redis.hset(key, 'token', token.replace(/"transactionHash":"0x../, '"transactionHash":"0xff'));
    const contents = await scene.redis.hgetall(key);
    expect(await rebuild()).toMatchObject({ present: 0, differing: ['1'] });
    expect(await scene.redis.hgetall(key)).toEqual(contents);
  });

  it.each([
    [{ events: 'publish' }, '--publish-missing: these contracts do not keep what an event says'],
    [{ events: 'published' }, '--events-published: these contracts do not keep what an event says'],
    [{ allDeployers: true }, '--all-deployers: with these contracts'],
  ] as const)('refuses %j in one sentence, before anything is done', async (options, sentence) => {
    await lost();
    await expect(rebuild(options)).rejects.toThrow(sentence);
    expect(await scene.redis.keys('*')).toEqual([]);
  });
});
