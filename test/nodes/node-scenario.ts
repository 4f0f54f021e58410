import { afterEach } from 'vitest';
import { platformMessage } from '../support/fixtures/platform-message.fixture.js';
import { until } from '../support/until.js';
import { TestStack, type TestStackOptions } from '../support/process/test-stack.js';

/** Real nodes make a block a second, on machines of every speed. */
export const WAITING = { timeoutMs: 120_000 };

/** Starts the service on a node, and ends both after each test. */
export function useNodeStack(options: TestStackOptions): (changes?: TestStackOptions) => Promise<TestStack> {
  let stack: TestStack | null = null;
  afterEach(async () => {
    await stack?.stop();
    stack = null;
  });
  return async (changes = {}) => {
    stack = await TestStack.start({ ...options, ...changes, env: { ...options.env, ...changes.env } });
    await stack.service.start();
    return stack;
  };
}

/** What the scenarios look at. */
type Scene = Pick<TestStack, 'queue' | 'tokens'>;

export async function push({ queue }: Scene, ...modelIds: readonly string[]): Promise<void> {
  await queue.push(...modelIds.map((modelId) => platformMessage({ model_id: modelId })));
}

export function names(prefix: string, count: number): readonly string[] {
  return Array.from({ length: count }, (_value, index) => `${prefix}-${index}`);
}

export async function eventCount({ queue }: Scene): Promise<number> {
  return (await queue.events()).length;
}

/** Pushes 500 messages, and kills and restarts the service after the first tokens. Returns the models. */
export async function deployThroughKill(stack: TestStack): Promise<readonly string[]> {
  const models = names('killed', 500);
  await push(stack, ...models.slice(0, 250));
  await until('the first tokens', async () => (await eventCount(stack)) >= 50, WAITING);
  await push(stack, ...models.slice(250));
  await stack.service.stop('SIGKILL');
  await stack.service.start();
  return models;
}

/** Waits until the queue is drained, and returns what there is then. */
export async function outcome({ queue, tokens }: Scene) {
  await queue.drained(WAITING);
  const events = (await queue.events()).map(({ model_id: modelId }) => modelId);
  const { dead } = await queue.messageCounts();
  return { events: events.toSorted(), tokens: (await tokens.deployedModels()).toSorted(), dead };
}

/** Exactly one token and one event for every model. */
export function oneTokenEach(modelIds: readonly string[]) {
  const sorted = [...modelIds].toSorted();
  return { events: sorted, tokens: sorted, dead: 0 };
}
