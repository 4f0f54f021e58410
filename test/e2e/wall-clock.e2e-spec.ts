import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { platformMessage } from '../support/fixtures/platform-message.fixture.js';
import { steppingClock } from '../support/process/stepping-clock.js';
import { TestStack } from '../support/process/test-stack.js';
import { until } from '../support/until.js';

const HOUR_MS = 3_600_000;

describe('a step of the wall clock of the service', () => {
  let stack: TestStack;
  /** The wall clock of the service, as its newest log line says it. */
  let loggedAt = 0;

  beforeAll(async () => {
    stack = await TestStack.start({
      anvilArgs: ['--block-time', '1'],
      env: {
        ...steppingClock(-HOUR_MS, 2 * HOUR_MS),
        RPC_TIMEOUT: '1',
        REDIS_COMMAND_TIMEOUT: '1',
        LEASE_DURATION: '2',
        LANE_LEASE: '2',
        REPLACE_AFTER: '5',
        POLL_INTERVAL: '0.2',
      },
      redisArgs: ['--appendonly', 'yes', '--appendfsync', 'always'],
      onServiceLine: (line) => {
        loggedAt = Date.parse(/"timestamp":"([^"]+)"/.exec(line)?.[1] ?? '');
      },
    });
    await stack.service.start();
    await deploy(3);
  }, 120_000);

  afterAll(() => stack.stop());

  const push = async (models: readonly string[]): Promise<void> => {
    const messages = models.map((model) => platformMessage({ model_id: model }, { max_retries: 0 }));
    await stack.queue.push(...messages);
  };

  async function deploy(count: number): Promise<void> {
    const models = Array.from({ length: count }, () => `model-${randomUUID()}`);
    await push(models);
    await stack.queue.drained({ timeoutMs: 30_000 });
    for (const model of models) expect(await stack.tokens.find(model)).toMatchObject({ deployments: 1 });
    expect((await stack.queue.messageCounts()).dead).toBe(0);
  }

  const readiness = async (): Promise<number> => (await stack.service.request('GET', '/health/ready')).status;

  it.each([
    ['an hour back', -HOUR_MS],
    ['two hours ahead', HOUR_MS],
  ])('delays neither messages nor outages nor replacements when it goes %s', async (_step, offset) => {
    stack.service.signal('SIGUSR2');
    await deploy(20);
    expect(Math.abs(loggedAt - Date.now() - offset)).toBeLessThan(60_000);

    await stack.rpcProxy.setMode('refuse');
    const models = [`model-${randomUUID()}`];
    await push(models);
    const held = (): Promise<string> =>
      stack.service.request('GET', '/health').then(({ body }) => JSON.stringify(body));
    await until('the hold', async () => (await held()).includes('rpc_unavailable'), { timeoutMs: 15_000 });
    await stack.rpcProxy.setMode('forward');
    await stack.queue.drained({ timeoutMs: 30_000 });

    await stack.redis.stopProcess('SIGKILL');
    await until('unreadiness', async () => (await readiness()) === 503, { timeoutMs: 15_000 });
    await stack.redis.restart();
    await until('readiness', async () => (await readiness()) === 200, { timeoutMs: 15_000 });
    await deploy(5);
  });
});
