import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { platformMessage } from '../support/fixtures/platform-message.fixture.js';
import { TestStack } from '../support/process/test-stack.js';
import { until } from '../support/until.js';

describe('replay of dead letters over HTTP', () => {
  let stack: TestStack;

  beforeAll(async () => {
    stack = await TestStack.start();
    await stack.service.start();
  });

  afterAll(() => stack.stop());

  it('deploys the message of an entry that another consumer wrote, though its retries are spent', async () => {
    const message = platformMessage({ model_id: 'replayed' }, { retry_count: 3 });
    await stack.queue.pushDeadLetter(
      JSON.stringify({
        original_message: message,
        error: 'Handler returned False',
        failed_at: '2026-03-01T12:00:00.345678',
        queue: 'hokusai:model_ready_queue',
      }),
    );

    const answer = await stack.service.request('POST', '/dlq/replay', {});
    expect(answer.status).toBe(200);
    await until('the token', () => stack.tokens.find('replayed'));
    await stack.queue.drained();

    expect(await stack.queue.messageCounts()).toEqual({ waiting: 0, processing: 0, delayed: 0, dead: 0 });
    expect((await stack.queue.events()).map((event) => event.model_id)).toEqual(['replayed']);
  });

  it('brings a message that is broken by itself back to the dead letters, counted', async () => {
    await stack.queue.push(platformMessage({ model_id: 'broken', contributor_address: 'unknown' }));
    await until('the dead letter', async () => (await stack.queue.messageCounts()).dead === 1);

    expect((await stack.service.request('POST', '/dlq/replay', {})).status).toBe(200);
    const [entry] = await until('its return', async () => {
      const entries = await stack.queue.deadLetters();
      return entries[0]?.replay_count === 1 && entries;
    });
    expect(entry).toMatchObject({ reason: 'invalid_address', model_id: 'broken' });
  });

  it('refuses requests without a token', async () => {
    const answer = await fetch(`${stack.service.url}/dlq/replay`, { method: 'POST' });

    expect(answer.status).toBe(401);
  });
});
