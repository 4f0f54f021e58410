import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CRASH_POINTS } from '#core';
import { guideMessage } from '../support/guide-message.js';
import { Stack } from '../support/stack.js';
import { until } from '../support/until.js';

describe('a service that is killed -9 on the way of a message, and started again', () => {
  let stack: Stack;

  beforeAll(async () => {
    stack = await Stack.start({ env: { LEASE_DURATION: '1', LANE_LEASE: '1', POLL_INTERVAL: '0.2' } });
  });

  afterAll(() => stack.stop());

  it.each(CRASH_POINTS)('at "%s" loses nothing and deploys nothing twice', async (point) => {
    const models = [`${point}-1`, `${point}-2`];
    await stack.service.start({ NODE_ENV: 'test', CRASH_AT: point });
    await stack.queue.push(...models.map((model) => guideMessage({ model_id: model }, { max_retries: 0 })));
    expect(await stack.service.exit()).toBeNull();

    await stack.service.start();
    await until('the queue to drain', () => stack.queue.isDrained(), { timeoutMs: 60_000 });
    for (const model of models) {
      expect(await stack.tokens.find(model)).toMatchObject({ registered: true, deployments: 1 });
      expect((await stack.service.request('GET', `/deployments/${model}`)).body).toMatchObject({ state: 'deployed' });
    }
    const events = (await stack.queue.events()).filter((event) => models.includes(event.model_id));
    expect(new Set(events.map((event) => event.event_id)).size).toBe(models.length);
    expect(await stack.queue.whereabouts()).toEqual({ waiting: 0, processing: 0, delayed: 0, dead: 0 });
    expect(await stack.service.stop('SIGTERM')).toBe(0);
  });
});
