import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { platformMessage } from '../support/fixtures/platform-message.fixture.js';
import { TestStack } from '../support/process/test-stack.js';
import { until } from '../support/until.js';

const MODELS = 240;

describe('hundreds of valid, repeated and broken messages, two replicas, and a kill -9 of each on the way', () => {
  let stack: TestStack;
  const models = Array.from({ length: MODELS }, (_, n) => `model-${n}`);
  const valid = models.map((model) => platformMessage({ model_id: model }, { max_retries: 0 }));
  const sameBytes = valid.filter((_, n) => n % 4 === 0);
  const sameRecord = models.filter((_, n) => n % 6 === 0).map((model) => platformMessage({ model_id: model }));
  const broken = models
    .filter((_, n) => n % 8 === 0)
    .map((model) => platformMessage({ model_id: model, token_symbol: '' }));

  beforeAll(async () => {
    stack = await TestStack.start({
      anvilArgs: ['--block-time', '1', '--mixed-mining'],
      env: { BATCH_SIZE: '10', LEASE_DURATION: '1', LANE_LEASE: '1', POLL_INTERVAL: '0.2' },
    });
    const replicas = [stack.service, await stack.createReplica()];
    await Promise.all(replicas.map((replica) => replica.start()));
    await stack.queue.push(...shuffled([...valid, ...sameBytes, ...sameRecord, ...broken]));
    for (const [index, replica] of replicas.entries()) {
      const enough = Math.floor(((index + Math.random()) * MODELS) / (replicas.length + 1));
      await until(`${enough} events`, async () => (await stack.queue.events()).length >= enough, { timeoutMs: 60_000 });
      await replica.stop('SIGKILL');
      await replica.start();
    }
    await stack.queue.drained({ timeoutMs: 90_000 });
  }, 240_000);

  afterAll(() => stack.stop());

  it('makes one token for each model', async () => {
    const tokens = await Promise.all(models.map((model) => stack.tokens.find(model)));

    expect(tokens.filter((token) => token?.registered === true && token.deployments === 1)).toHaveLength(MODELS);
    expect(await stack.tokens.deployments()).toBe(MODELS);
  });

  it('publishes one event id for each model', async () => {
    const events = await stack.queue.events();

    expect(new Set(events.map((event) => event.model_id))).toEqual(new Set(models));
    expect(new Set(events.map((event) => event.event_id)).size).toBe(MODELS);
  });

  it('dead-letters every broken message exactly once, and nothing else', async () => {
    const dead = (await stack.queue.deadLetters()).map((entry) => entry.original_message);

    expect(dead).toHaveLength(broken.length);
    expect(new Set(dead)).toEqual(new Set(broken));
  });

  it('leaves nothing on the way', async () => {
    expect(await stack.queue.messageCounts()).toEqual({ waiting: 0, processing: 0, delayed: 0, dead: broken.length });
  });
});

function shuffled<T>(values: readonly T[]): T[] {
  return values
    .map((value) => ({ value, rank: Math.random() }))
    .toSorted((a, b) => a.rank - b.rank)
    .map(({ value }) => value);
}
