import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { platformMessage } from '../support/fixtures/platform-message.fixture.js';
import { TestStack } from '../support/process/test-stack.js';
import { until } from '../support/until.js';

const MESSAGES = 200;

describe('SIGTERM under load', () => {
  let stack: TestStack;
  let code: number | null;
  let tookMs: number;

  beforeAll(async () => {
    stack = await TestStack.start({
      // Blocks come by time, so that transactions are under way when the signal arrives.
      anvilArgs: ['--block-time', '1'],
      env: { BATCH_SIZE: '10', LEASE_DURATION: '5', LANE_LEASE: '5', SHUTDOWN_TIMEOUT: '25' },
    });
    await stack.service.start();
    const messages = Array.from({ length: MESSAGES }, (_, n) =>
      platformMessage({ model_id: `model-${n}` }, { max_retries: 0 }),
    );
    await stack.queue.push(...messages);
    await until('the first event', async () => (await stack.queue.events()).length > 0);
    const began = Date.now();
    code = await stack.service.stop('SIGTERM');
    tookMs = Date.now() - began;
  });

  afterAll(() => stack.stop());

  it('ends the process with exit code 0 within SHUTDOWN_TIMEOUT', () => {
    expect({ code, inTime: tookMs < 25_000 }).toEqual({ code: 0, inTime: true });
  });

  it('leaves work undone, or this test would prove nothing', async () => {
    expect(await stack.queue.isDrained()).toBe(false);
  });

  it('gives every message back to the queue: none dead-lettered, delayed or left in processing', async () => {
    expect(await stack.queue.messageCounts()).toMatchObject({ processing: 0, delayed: 0, dead: 0 });
  });

  it('is followed by a start that deploys every model exactly once', async () => {
    await stack.service.start();
    await stack.queue.drained({ timeoutMs: 90_000 });

    expect(await stack.tokens.deployments()).toBe(MESSAGES);
    expect(new Set((await stack.queue.events()).map((event) => event.model_id)).size).toBe(MESSAGES);
    expect(await stack.queue.messageCounts()).toEqual({ waiting: 0, processing: 0, delayed: 0, dead: 0 });
  });
});
