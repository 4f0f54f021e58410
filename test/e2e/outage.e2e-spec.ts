import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { platformMessage } from '../support/fixtures/platform-message.fixture.js';
import { metric } from '../support/telemetry/read-metric.js';
import { TestStack } from '../support/process/test-stack.js';
import { until } from '../support/until.js';

/** A message that goes to the dead letters at its first burnt attempt. */
function brittleMessage(modelId: string): string {
  return platformMessage({ model_id: modelId }, { max_retries: 0 });
}

function newModels(count: number): string[] {
  return Array.from({ length: count }, () => `model-${randomUUID()}`);
}

describe('an outage', () => {
  let stack: TestStack;

  beforeAll(async () => {
    stack = await TestStack.start({
      redisArgs: ['--appendonly', 'yes', '--appendfsync', 'always'],
      env: { RPC_TIMEOUT: '1', REDIS_COMMAND_TIMEOUT: '1', LEASE_DURATION: '2', LANE_LEASE: '2', POLL_INTERVAL: '0.2' },
    });
    await stack.service.start();
  });

  afterAll(() => stack.stop());

  const held = (): Promise<number> => metric(stack.service, 'consumer_held', { reason: 'rpc_unavailable' });
  const expectAllDeployed = async (models: readonly string[]): Promise<void> => {
    await stack.queue.drained({ timeoutMs: 60_000 });
    for (const model of models) expect(await stack.tokens.find(model)).toMatchObject({ deployments: 1 });
    const eventIds = (await stack.queue.events()).filter((e) => models.includes(e.model_id)).map((e) => e.event_id);
    expect(new Set(eventIds).size).toBe(models.length);
    expect((await stack.queue.messageCounts()).dead).toBe(0);
  };

  it.each(['refuse', 'hang'] as const)(
    'of the RPC endpoint (%s) pauses processing, consumes no retry, and ends automatically',
    async (mode) => {
      const models = newModels(3);
      await stack.rpcProxy.setMode(mode);
      await stack.queue.push(...models.map(brittleMessage));
      await until('the hold', async () => (await held()) === 1);

      expect((await stack.service.request('GET', '/health/ready')).status).toBe(200);
      const { waiting, processing, delayed, dead } = await stack.queue.messageCounts();
      expect({ kept: waiting + processing + delayed, dead }).toEqual({ kept: 3, dead: 0 });

      await stack.rpcProxy.setMode('forward');
      await expectAllDeployed(models);
      expect(await metric(stack.service, 'messages_retried_total')).toBe(0);
      await until('the end of the hold', async () => (await held()) === 0);
    },
  );

  it.each(['SIGTERM', 'SIGKILL'] as const)(
    'of Redis, which ends by %s and comes back with its data, loses nothing',
    async (signal) => {
      const models = newModels(10);
      await stack.queue.push(...models.map(brittleMessage));
      await stack.redis.stopProcess(signal);
      await until('unreadiness', async () => (await stack.service.request('GET', '/health/ready')).status === 503);
      expect((await stack.service.request('GET', '/health/live')).status).toBe(200);

      await stack.redis.restart();
      await expectAllDeployed(models);
      await until('readiness', async () => (await stack.service.request('GET', '/health/ready')).status === 200);
    },
  );
});
