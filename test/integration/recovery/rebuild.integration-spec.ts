import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { encodeDeploy } from '#contracts';
import { DeploymentJobs } from '#core';
import {
  runRebuildLedger,
  type RebuildLedgerOptions,
} from '../../../apps/cli/src/rebuild-ledger/rebuild-ledger.runner.js';
import { aDeploymentJob } from '../../support/fixtures/deployment-job.fixture.js';
import { until } from '../../support/until.js';
import { FactoryServiceFixture } from './factory-service.fixture.js';

const MODELS = ['a', 'b', 'modèle 3'];

describe('Rebuilding the ledger', () => {
  let scene: FactoryServiceFixture;
  beforeAll(async () => {
    scene = await FactoryServiceFixture.start();
  });
  afterEach(() => scene.reset());
  afterAll(() => scene.stop());

  const rebuild = async (options: RebuildLedgerOptions = {}) => await runRebuildLedger(scene.environment, options);

  /** Tokens that were made and paid for, and a Redis that knows nothing of them. */
  const lost = async (): Promise<readonly string[]> => {
    await scene.startService();
    const messages = await scene.deploy(...MODELS);
    await scene.stopServices();
    await scene.redis.flushall();
    return messages;
  };

  it('brings back jobs as they were but for what only the message said, and the next nonce', async () => {
    const service = await scene.startService();
    await scene.deploy(...MODELS);
    const before = await Promise.all(MODELS.map((model) => service.get(DeploymentJobs).find(model)));
    const events = await scene.queue.events();
    await scene.stopServices();
    await scene.redis.flushall();
    expect(await scene.verifyLedger({ quiescent: true })).toEqual(['token-without-job']);

    const report = await rebuild({ events: 'publish' });
    expect(report).toMatchObject({ tokens: 3, restored: 3, present: 0, published: 3, differing: [] });
    expect(report.lanes.map(({ outcome }) => outcome)).toEqual(['set']);
    const after = await scene.startService();
    for (const job of before) {
      const restored = await after.get(DeploymentJobs).find(job?.request.record.modelId ?? '');
      expect(restored).toMatchObject({ state: 'deployed', slot: null, failure: null });
      expect(restored?.token).toEqual(job?.token);
      expect(restored?.eventId).toBe(job?.eventId);
      expect(restored?.attempts).toEqual([]);
      expect(restored?.request).toEqual({
        ...job?.request,
        messageId: null,
        modelName: null,
        modelVersion: null,
        improvementPercentage: null,
      });
    }
    expect(new Set((await scene.queue.events()).map((event) => event.event_id))).toEqual(
      new Set(events.map((event) => event.event_id)),
    );
    expect(await scene.verifyLedger({ eventsKept: true })).toEqual([]);
  });

  it('lets the same messages end as duplicates, and sends no second transaction', async () => {
    const messages = await lost();
    await rebuild({ events: 'published' });
    expect(await scene.verifyLedger({ quiescent: true })).toEqual([]);
    const sent = await scene.minedNonce();
    const service = await scene.startService();
    await scene.queue.push(...messages);
    await scene.waitUntilDrained();
    expect(await scene.minedNonce()).toBe(sent);
    expect(await scene.queue.events()).toEqual([]);
    expect(await scene.queue.deadLetters()).toEqual([]);
    const job = await service.get(DeploymentJobs).find('a');
    expect(job?.request.modelName).toBe('message-classifier');
    await scene.deploy('new');
    expect(await scene.minedNonce()).toBe(sent + 1);
    expect(await scene.verifyLedger()).toEqual([]);
  });

  it('leaves the events to the messages that come, and publishes each with all that the message says', async () => {
    const messages = await lost();
    expect(await rebuild()).toMatchObject({ restored: 3, published: 0, eventsMissing: 3 });
    expect(await scene.verifyLedger({ quiescent: true })).toEqual(['event-missing']);
    const sent = await scene.minedNonce();
    await scene.startService();
    await scene.queue.push(...messages);
    await scene.waitUntilDrained();
    const events = await scene.queue.events();
    expect(events.map((event) => event.model_id).toSorted()).toEqual([...MODELS].toSorted());
    expect(events.every((event) => 'model_name' in event && event.model_name === 'message-classifier')).toBe(true);
    expect(await scene.minedNonce()).toBe(sent);
    expect(await scene.verifyLedger({ eventsKept: true })).toEqual([]);
  });

  it('says in a dry run what it would do, and writes nothing', async () => {
    await lost();
    const report = await rebuild({ dryRun: true, events: 'publish' });
    expect(report).toMatchObject({ dryRun: true, restored: 3, published: 0, eventsMissing: 3 });
    expect(report.lanes.map(({ outcome }) => outcome)).toEqual(['set']);
    expect(await scene.redis.keys('*')).toEqual([]);
  });

  it('does nothing the second time, and publishes what an earlier one left silent', async () => {
    await lost();
    await rebuild();
    expect(await rebuild()).toMatchObject({ restored: 0, present: 3, published: 0, eventsMissing: 3 });
    expect(await rebuild({ events: 'publish' })).toMatchObject({ restored: 0, present: 3, published: 3 });
    expect(await rebuild({ events: 'publish' })).toMatchObject({ present: 3, published: 0, eventsMissing: 0 });
    expect(await scene.queue.events()).toHaveLength(3);
  });

  it('works beside a service, whose lane it leaves alone', async () => {
    await lost();
    await scene.startService();
    await until('the lane to be taken', async () => await scene.redis.hget(await scene.laneKey(), 'owner'));
    const [report] = await Promise.all([rebuild({ events: 'publish' }), scene.deploy('d', 'e')]);
    expect(report.restored).toBeGreaterThanOrEqual(3);
    expect(report.lanes.map(({ outcome }) => outcome)).toEqual(['held']);
    expect(await scene.verifyLedger()).toEqual([]);
  });

  it('reports a job that the chain contradicts, and leaves it', async () => {
    await scene.startService();
    await scene.deploy('a');
    await scene.stopServices();
    const key = await scene.jobKey('a');
    const token = (await scene.redis.hget(key, 'token')) ?? '';
    await scene.redis.hset(key, 'token', token.replace(/"transactionHash":"0x../, '"transactionHash":"0xff'));
    const contents = await scene.redis.hgetall(key);
    expect(await rebuild()).toMatchObject({ restored: 0, differing: ['a'] });
    expect(await scene.redis.hgetall(key)).toEqual(contents);
  });

  it('turns a failed job whose token stands after all into a deployed one', async () => {
    const messages = await lost();
    await scene.redis.flushall();
    const { record } = aDeploymentJob('a').request;
    expect(messages).toHaveLength(3);
    const service = await scene.startService();
    await service.get(DeploymentJobs).admit([
      {
        request: { ...aDeploymentJob('a').request, record: { ...record, tokenSymbol: 'OTHER' } },
        message: {
          lease: 'l',
          bytes: Buffer.from('m'),
          digest: 'd',
          attempts: 0,
          deliveries: 1,
          stalls: 0,
          replays: 0,
          firstSeenAt: 1,
        },
      },
    ]);
    await service
      .get(DeploymentJobs)
      .complete(null, [{ kind: 'failed', modelId: 'a', reason: 'conflict', error: 'another record' }]);
    expect(await rebuild()).toMatchObject({ restored: 3 });
    const job = await service.get(DeploymentJobs).find('a');
    expect(job).toMatchObject({ state: 'deployed', failure: null, request: { record: { tokenSymbol: 'MSG-AI' } } });
  });

  it('restores the tokens of other deployers only when asked', async () => {
    const { record } = aDeploymentJob('theirs').request;
    const data = encodeDeploy({ record, mlflowRunId: null });
    const call = { from: scene.admin.address, to: scene.factory, data };
    await scene.anvil.request('eth_sendTransaction', [call]);
    expect(await rebuild()).toMatchObject({ tokens: 1, foreignTokens: 1, restored: 0 });
    expect(await rebuild({ allDeployers: true })).toMatchObject({ restored: 1 });
  });
});
