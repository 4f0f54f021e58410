import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { DISCREPANCIES } from '#reconciliation';
import { guideMessage } from '../../support/fixtures/platform-message.fixture.js';
import { until } from '../../support/until.js';
import { DeployerScene } from './deployer-scene.js';
import { DISTINCT, PLANTED, PLANTED_IN_REGISTRY, QUIESCENT } from './planted-cases.js';
import { Planted } from './planted.js';

describe('The audit', () => {
  let scene: DeployerScene;
  beforeAll(async () => {
    scene = await DeployerScene.start();
  });
  afterEach(() => scene.reset());
  afterAll(() => scene.stop());

  it('finds nothing in a system that works, running or stopped', async () => {
    await scene.startService();
    await scene.deploy('a', 'b', 'c');
    expect(await scene.audit({ eventsKept: true })).toEqual([]);
    await scene.stopServices();
    expect(await scene.audit({ quiescent: true, eventsKept: true, distinctMessages: true })).toEqual([]);
  });

  it('takes no work in flight for a disagreement', async () => {
    const env = { CONFIRMATIONS: '2' };
    await scene.startService(env);
    await scene.queue.push(...['a', 'b', 'c'].map((modelId) => guideMessage({ model_id: modelId })));
    for (let look = 0; look < 3; look += 1) expect(await scene.audit(DISTINCT, env)).toEqual([]);
    await until('the open jobs', async () => (await scene.audit(QUIESCENT, env)).includes('job-open'));
    await scene.mine(2);
    await scene.drained();
    expect(await scene.audit({}, env)).toEqual([]);
  });

  it('has a test for every code', () => {
    const tested = new Set<string>([...PLANTED, ...PLANTED_IN_REGISTRY].map(([code]) => code)).add(
      'message-in-two-places',
    );
    expect(Object.keys(DISCREPANCIES).filter((code) => !tested.has(code))).toEqual([]);
  });
});

describe('The audit of what was planted', () => {
  let scene: DeployerScene;
  beforeAll(async () => {
    scene = await DeployerScene.start();
    // Two tokens of two transactions, and nothing in flight.
    await scene.startService();
    await scene.deploy('a');
    await scene.deploy('b');
    await scene.freeze();
  });
  afterEach(() => scene.reset());
  afterAll(() => scene.stop());

  const cases = PLANTED.map(([code, plant, options = {}, others = []]) => ({ code, plant, options, others }));
  it.each(cases)('finds $code', async ({ code, plant, options, others }) => {
    await plant(new Planted(scene));
    expect(await scene.audit(options)).toEqual([code, ...others].toSorted());
  });

  it.each(['processing', 'delayed', 'dead-letters'] as const)('finds message-in-two-places: %s', async (place) => {
    const planted = new Planted(scene);
    await planted.message('queue');
    await planted.message('queue', 'another message');
    await planted.message(place);
    expect(await scene.audit()).toEqual([]);
    expect(await scene.audit(DISTINCT)).toEqual(['message-in-two-places']);
  });

  it('takes a job for settled that failed because the token has another record', async () => {
    const planted = new Planted(scene);
    await planted.jobState('failed');
    expect(await scene.audit(QUIESCENT)).toContain('token-not-settled');
    await planted.jobText('request', /MSG-AI/, 'MSG-BI');
    expect(await scene.audit(QUIESCENT)).not.toContain('token-not-settled');
  });

  it('finds every token lost in an empty ledger, with and without the key', async () => {
    await scene.redis.flushall();
    expect(await scene.audit(QUIESCENT)).toEqual(['token-without-job']);
    expect(await scene.audit(QUIESCENT, { DEPLOYER_PRIVATE_KEY: undefined })).toEqual(['token-without-job']);
  });
});
