import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { platformMessage } from '../support/fixtures/platform-message.fixture.js';
import type { ServiceProcess } from '../support/process/service-process.js';
import { TestStack } from '../support/process/test-stack.js';
import { until } from '../support/until.js';

const MODELS = 60;

describe('a replica that is frozen in the middle of its work for longer than its leases, and wakes up', () => {
  let stack: TestStack;
  let relief: ServiceProcess;
  let leftUndone: boolean;

  beforeAll(async () => {
    stack = await TestStack.start({
      // Blocks come by time and hold a third of the work at most, so that the first event does not find all of it done.
      anvilArgs: ['--block-time', '1'],
      env: { BATCH_SIZE: '5', MAX_IN_FLIGHT: '4', LEASE_DURATION: '1', LANE_LEASE: '1', POLL_INTERVAL: '0.2' },
    });
    relief = await stack.createReplica();
    await stack.service.start();
    await push(0, MODELS);
    await until('the first event', async () => (await stack.queue.events()).length > 0, { timeoutMs: 60_000 });
    stack.service.signal('SIGSTOP');
    leftUndone = !(await stack.queue.isDrained());
    await relief.start();
    await stack.queue.drained({ timeoutMs: 90_000 });
    stack.service.signal('SIGCONT');
  }, 240_000);

  afterAll(() => stack.stop());

  const push = async (from: number, to: number): Promise<void> => {
    const models = Array.from({ length: to - from }, (_, index) => `model-${from + index}`);
    await stack.queue.push(...models.map((model) => platformMessage({ model_id: model }, { max_retries: 0 })));
  };

  it('left work undone, or this test would prove nothing', () => {
    expect(leftUndone).toBe(true);
  });

  it('finds its signer with the other replica, and stands by', async () => {
    const held = await until('the standby to say so', async () => {
      const { body } = await stack.service.request('GET', '/health');
      return JSON.stringify(body).includes('standby: ') && body;
    });
    expect(held).toMatchObject({ status: 'healthy', holds: [] });
  });

  it('settles nothing and deploys nothing a second time', async () => {
    await push(MODELS, MODELS + 10);
    await stack.queue.drained({ timeoutMs: 60_000 });

    expect(await stack.tokens.deployments()).toBe(MODELS + 10);
    const events = await stack.queue.events();
    expect(events).toHaveLength(MODELS + 10);
    expect(new Set(events.map((event) => event.model_id)).size).toBe(MODELS + 10);
    expect(await stack.queue.messageCounts()).toEqual({ waiting: 0, processing: 0, delayed: 0, dead: 0 });
  });

  it('takes over when the other replica ends', async () => {
    expect(await relief.stop('SIGTERM')).toBe(0);
    await push(MODELS + 10, MODELS + 11);
    await stack.queue.drained({ timeoutMs: 60_000 });

    expect(await stack.tokens.deployments()).toBe(MODELS + 11);
  });
});
