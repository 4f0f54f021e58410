import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { platformMessage } from '../support/fixtures/platform-message.fixture.js';
import { TestStack } from '../support/process/test-stack.js';
import { until } from '../support/until.js';

const MAX_STALLS = 3;

describe('a message that ends the process whenever it is looked into', () => {
  let stack: TestStack;

  beforeAll(async () => {
    stack = await TestStack.start({
      env: { LEASE_DURATION: '1', LANE_LEASE: '1', POLL_INTERVAL: '0.2', MAX_STALLS: String(MAX_STALLS) },
    });
  });

  afterAll(() => stack.stop());

  it('goes to the dead letters as poison, unopened, and its neighbours become tokens', async () => {
    await stack.queue.push(platformMessage({ model_id: 'poison' }));
    for (let crash = 0; crash < MAX_STALLS; crash += 1) {
      stack.service.launch({ NODE_ENV: 'test', FAILPOINT: 'parsed' });
      expect(await stack.service.exit()).toBeNull();
    }
    // Were it parsed once more, the armed service would end again.
    stack.service.launch({ NODE_ENV: 'test', FAILPOINT: 'parsed' });
    const [entry] = await until('the dead letter', async () => {
      const entries = await stack.queue.deadLetters();
      return entries.length > 0 && entries;
    });
    expect(entry).toMatchObject({ reason: 'poison', model_id: 'poison' });
    expect(await stack.service.stop('SIGTERM')).toBe(0);

    await stack.service.start();
    await stack.queue.push(platformMessage({ model_id: 'neighbour' }));
    await stack.queue.drained({ timeoutMs: 60_000 });
    expect(await stack.tokens.find('neighbour')).toMatchObject({ registered: true, deployments: 1 });
  });
});
