import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { platformMessage, platformPayload } from '../support/fixtures/platform-message.fixture.js';
import { PRODUCTION_ENTRY } from '../support/process/service-process.js';
import { TestStack } from '../support/process/test-stack.js';
import { until } from '../support/until.js';

describe('the way of a good message', () => {
  let stack: TestStack;

  beforeAll(async () => {
    stack = await TestStack.start({ program: PRODUCTION_ENTRY });
    await stack.service.start();
  });

  afterAll(() => stack.stop());

  const drained = (): Promise<void> => stack.queue.drained();
  const eventsOf = async (modelId: string) =>
    (await stack.queue.events()).filter((event) => event.model_id === modelId);

  it('ends in one token on chain that carries the record, one event and one job done', async () => {
    await stack.queue.push(
      platformMessage({
        model_id: 'good',
        token_symbol: 'msg-ai',
        baseline_value: 0.1,
        current_value: 0.30000000000000004,
      }),
    );
    await drained();

    const token = await stack.tokens.find('good');
    expect(token).toMatchObject({
      registered: true,
      deployments: 1,
      name: 'Hokusai msg-ai',
      symbol: 'msg-ai',
      modelId: 'good',
      metricName: 'accuracy',
      baselineValue: 100_000_000_000_000_000n,
      currentValue: 300_000_000_000_000_040n,
      contributor: '0x70997970C51812dc3A010C7d01b50e0d17dc79C8',
    });
    const [event, ...more] = await eventsOf('good');
    expect(more).toEqual([]);
    expect(event).toMatchObject({ token_address: token?.address, token_symbol: 'msg-ai' });
    expect((await stack.service.request('GET', '/deployments/good')).body).toMatchObject({ state: 'deployed' });
    expect((await stack.queue.messageCounts()).dead).toBe(0);
  });

  it('is the same for the same bytes once more: no second token, no dead letter', async () => {
    const message = platformMessage({ model_id: 'twice' });
    await stack.queue.push(message, message);
    await drained();
    await stack.queue.push(message);
    await drained();

    expect(await stack.tokens.find('twice')).toMatchObject({ deployments: 1 });
    expect(new Set((await eventsOf('twice')).map((event) => event.event_id)).size).toBe(1);
    expect((await stack.queue.messageCounts()).dead).toBe(0);
  });

  it('is the same for another message with the same record: success, same address, same event', async () => {
    await stack.queue.push(platformMessage({ model_id: 'again', model_version: '1' }));
    await drained();
    await stack.queue.push(platformMessage({ model_id: 'again', model_version: '2' }));
    await drained();

    expect(await stack.tokens.find('again')).toMatchObject({ deployments: 1 });
    const events = await eventsOf('again');
    expect(new Set(events.map((event) => event.event_id)).size).toBe(1);
    expect(new Set(events.map((event) => event.token_address)).size).toBe(1);
    expect((await stack.queue.messageCounts()).dead).toBe(0);
  });

  it('accepts a flat message, the payload without its envelope', async () => {
    await stack.queue.push(JSON.stringify(platformPayload({ model_id: 'flat' })));
    await drained();

    expect(await stack.tokens.find('flat')).toMatchObject({ deployments: 1 });
  });

  it('refuses another record for a model that has a token: conflict, dead letter, nothing changes', async () => {
    await stack.queue.push(platformMessage({ model_id: 'taken', token_symbol: 'FIRST' }));
    await drained();
    const other = platformMessage({ model_id: 'taken', token_symbol: 'SECOND' });
    await stack.queue.push(other);
    await until('the dead letter', async () => (await stack.queue.deadLetters()).length > 0);

    expect(await stack.queue.deadLetters()).toEqual([
      expect.objectContaining({ reason: 'conflict', original_message: other, model_id: 'taken' }),
    ]);
    expect(await stack.tokens.find('taken')).toMatchObject({ symbol: 'FIRST', deployments: 1 });
    expect((await eventsOf('taken')).length).toBe(1);
    expect(await stack.queue.isDrained()).toBe(true);
  });
});
