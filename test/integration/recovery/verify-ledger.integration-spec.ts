import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { DISCREPANCIES } from '#reconciliation';
import { platformMessage } from '../../support/fixtures/platform-message.fixture.js';
import { until } from '../../support/until.js';
import { FactoryServiceFixture } from './factory-service.fixture.js';
import { DISTINCT, DISCREPANCY_CASES, REGISTRY_DISCREPANCY_CASES, QUIESCENT } from './discrepancy-cases.js';
import { InjectedDiscrepancies } from './injected-discrepancies.js';

describe('The audit', () => {
  let scene: FactoryServiceFixture;
  beforeAll(async () => {
    scene = await FactoryServiceFixture.start();
  });
  afterEach(() => scene.reset());
  afterAll(() => scene.stop());

  it('finds nothing in a system that works, running or stopped', async () => {
    await scene.startService();
    await scene.deploy('a', 'b', 'c');
    expect(await scene.verifyLedger({ eventsKept: true })).toEqual([]);
    await scene.stopServices();
    expect(await scene.verifyLedger({ quiescent: true, eventsKept: true, distinctMessages: true })).toEqual([]);
  });

  it.each([
    ['one list', {}],
    ['a second list', { DEPLOYED_FULL_QUEUE_NAME: 'hokusai:full' }],
  ])("reads events in Hokusai's form, on %s", async (_, lists) => {
    const env = { DEPLOYED_EVENT_FORMAT: 'hokusai', ...lists };
    await scene.startService(env);
    await scene.deploy('a', 'b');
    expect(await scene.verifyLedger({ quiescent: true, eventsKept: true }, env)).toEqual([]);
    const [event] = await scene.queue.events();
    expect(event).toMatchObject({ model_id: 'a', network: 'hardhat' });
    expect(event).not.toHaveProperty('event_id');

    await scene.redis.del('hokusai:full');
    await scene.redis.ltrim('hokusai:token_deployed_queue', 1, -1);
    expect(await scene.verifyLedger({ eventsKept: true }, env)).toEqual(['event-not-queued']);
    const altered = JSON.stringify({ ...event, token_address: '0x00' });
    await scene.redis.lpush('hokusai:token_deployed_queue', altered);
    expect(await scene.verifyLedger({}, env)).toEqual('DEPLOYED_FULL_QUEUE_NAME' in lists ? [] : ['event-differs']);
  });

  it('takes no work in flight for a disagreement', async () => {
    const env = { CONFIRMATIONS: '2' };
    await scene.startService(env);
    await scene.queue.push(...['a', 'b', 'c'].map((modelId) => platformMessage({ model_id: modelId })));
    for (let look = 0; look < 3; look += 1) expect(await scene.verifyLedger(DISTINCT, env)).toEqual([]);
    await until('the open jobs', async () => (await scene.verifyLedger(QUIESCENT, env)).includes('job-open'));
    await scene.mine(2);
    await scene.waitUntilDrained();
    expect(await scene.verifyLedger({}, env)).toEqual([]);
  });

  it('has a test for every code', () => {
    const tested = new Set<string>([...DISCREPANCY_CASES, ...REGISTRY_DISCREPANCY_CASES].map(([code]) => code)).add(
      'message-in-two-places',
    );
    expect(Object.keys(DISCREPANCIES).filter((code) => !tested.has(code))).toEqual([]);
  });
});

describe('The audit of what was planted', () => {
  let scene: FactoryServiceFixture;
  beforeAll(async () => {
    scene = await FactoryServiceFixture.start();
    // Two tokens of two transactions, and nothing in flight.
    await scene.startService();
    await scene.deploy('a');
    await scene.deploy('b');
    await scene.saveState();
  });
  afterEach(() => scene.reset());
  afterAll(() => scene.stop());

  const cases = DISCREPANCY_CASES.map(([code, plant, options = {}, others = []]) => ({ code, plant, options, others }));
  it.each(cases)('finds $code', async ({ code, plant, options, others }) => {
    await plant(new InjectedDiscrepancies(scene));
    expect(await scene.verifyLedger(options)).toEqual([code, ...others].toSorted());
  });

  it.each(['processing', 'delayed', 'dead-letters'] as const)('finds message-in-two-places: %s', async (place) => {
    const planted = new InjectedDiscrepancies(scene);
    await planted.message('queue');
    await planted.message('queue', 'another message');
    await planted.message(place);
    expect(await scene.verifyLedger()).toEqual([]);
    expect(await scene.verifyLedger(DISTINCT)).toEqual(['message-in-two-places']);
  });

  it('takes a job for settled that failed because the token has another record', async () => {
    const planted = new InjectedDiscrepancies(scene);
    await planted.jobState('failed');
    expect(await scene.verifyLedger(QUIESCENT)).toContain('token-not-settled');
    await planted.jobText('request', /MSG-AI/, 'MSG-BI');
    expect(await scene.verifyLedger(QUIESCENT)).not.toContain('token-not-settled');
  });

  it('finds every token lost in an empty ledger, with and without the key', async () => {
    await scene.redis.flushall();
    expect(await scene.verifyLedger(QUIESCENT)).toEqual(['token-without-job']);
    expect(await scene.verifyLedger(QUIESCENT, { DEPLOYER_PRIVATE_KEY: undefined })).toEqual(['token-without-job']);
  });
});
