import { resolve } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ANVIL_ACCOUNTS } from '../support/anvil.js';
import { Child } from '../support/child.js';
import { deployContracts } from '../support/contracts.js';
import { guideMessage } from '../support/guide-message.js';
import { Stack } from '../support/stack.js';
import { until } from '../support/until.js';

const [DEPLOYER] = ANVIL_ACCOUNTS;
let stack: Stack;
let environment: Readonly<Record<string, string>>;
beforeAll(async () => {
  stack = await Stack.start();
  environment = {
    PATH: process.env['PATH'] ?? '',
    REDIS_URL: stack.redis.url,
    WEB3_PROVIDER_URL: stack.anvil.url,
    CHAIN_ID: '31337',
    DEPLOYER_PRIVATE_KEY: DEPLOYER.privateKey,
    FACTORY_ADDRESS: await deployContracts(stack.anvil.url, DEPLOYER.privateKey),
  };
});
afterAll(() => stack.stop());

/** Runs a command of the image by its file. */
async function run(command: string, ...args: readonly string[]) {
  const lines: string[] = [];
  const child = new Child(process.execPath, [resolve(`dist/apps/token-deployer/src/${command}.js`), ...args], {
    env: environment,
    onLine: (line) => lines.push(line),
  });
  return { code: await child.exit, lines };
}

it('a lost Redis is found, rebuilt and found right by the commands, which say no secret', async () => {
  await stack.service.start();
  await stack.queue.push(...['a', 'b'].map((modelId) => guideMessage({ model_id: modelId })));
  await until('two events', async () => (await stack.queue.events()).length === 2);
  await until('the queue to be drained', async () => await stack.queue.isDrained());
  await stack.service.stop();
  await stack.queue.redis.flushall();

  const lost = await run('audit', '--quiescent');
  const rebuilt = await run('rebuild-ledger', '--publish-missing', '--json');
  const right = await run('audit', '--quiescent', '--events-kept', '--json');
  const wrong = await run('rebuild-ledger', '--publish-missing', '--events-published');

  expect(lost.code).toBe(1);
  expect(lost.lines.filter((line) => line.startsWith('token-without-job  model '))).toHaveLength(2);
  expect(rebuilt.code).toBe(0);
  expect(JSON.parse(rebuilt.lines.at(-1) ?? '')).toMatchObject({ restored: 2, published: 2 });
  expect(right.code).toBe(0);
  expect(JSON.parse(right.lines.at(-1) ?? '')).toMatchObject({ disagreements: [], counts: { jobs: 2, tokens: 2 } });
  expect(wrong).toMatchObject({ code: 2, lines: ['--publish-missing and --events-published contradict each other'] });
  const said = [lost, rebuilt, right, wrong].flatMap(({ lines }) => lines).join('\n');
  for (const secret of [DEPLOYER.privateKey.slice(2), stack.redis.url, stack.anvil.url]) {
    expect(said).not.toContain(secret);
  }
});
