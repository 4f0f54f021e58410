import { resolve } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { ANVIL_ACCOUNTS } from '../support/chain/anvil.js';
import { TestProcess } from '../support/process/test-process.js';
import { platformMessage } from '../support/fixtures/platform-message.fixture.js';
import { TokenManagerContracts } from '../support/chain/token-manager-contracts.js';
import { TestStack } from '../support/process/test-stack.js';
import { until } from '../support/until.js';

const [DEPLOYER] = ANVIL_ACCOUNTS;
let stack: TestStack;
let environment: Readonly<Record<string, string>>;
beforeAll(async () => {
  stack = await TestStack.start();
  environment = {
    PATH: process.env['PATH'] ?? '',
    REDIS_URL: stack.redis.url,
    WEB3_PROVIDER_URL: stack.node.url,
    CHAIN_ID: '31337',
    DEPLOYER_PRIVATE_KEY: DEPLOYER.privateKey,
    FACTORY_ADDRESS: stack.environment['FACTORY_ADDRESS'] ?? '',
  };
});
afterEach(() => stack.queue.redis.flushall());
afterAll(() => stack.stop());

/** Runs a command of the image by its file. */
async function run(command: string, ...args: readonly string[]) {
  return await runWith(environment, command, ...args);
}

async function runWith(env: Readonly<Record<string, string>>, command: string, ...args: readonly string[]) {
  const lines: string[] = [];
  const child = new TestProcess(
    process.execPath,
    [resolve(`dist/apps/cli/src/${command}/${command}.command.js`), ...args],
    {
      env,
      onLine: (line) => lines.push(line),
    },
  );
  return { code: await child.exit, lines };
}

it('the contracts that stand already are reported by the command, and nothing is sent', async () => {
  const { code, lines } = await run('deploy-contracts', '--json');

  expect(code).toBe(0);
  expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({ factory: environment['FACTORY_ADDRESS'] });
});

it('a command opens no inspector on SIGUSR1, and keeps no secret among its variables', async () => {
  await stack.rpcProxy.setMode('hang');
  const lines: string[] = [];
  const preload = `setInterval(() => console.log('variables', Object.keys(process.env).join(' ')), 50).unref();`;
  const child = new TestProcess(
    process.execPath,
    [
      `--import=data:text/javascript,${encodeURIComponent(preload)}`,
      resolve('dist/apps/cli/src/deploy-contracts/deploy-contracts.command.js'),
    ],
    {
      env: { ...environment, WEB3_PROVIDER_URL: `http://127.0.0.1:${stack.rpcProxy.port}` },
      onLine: (line) => lines.push(line),
    },
  );
  const variables = () => lines.filter((line) => line.startsWith('variables '));
  await until('the start', () => variables().at(-1)?.includes('DEPLOYER_PRIVATE_KEY') === false);
  child.signal('SIGUSR1');
  const shown = variables().length;
  await until('some lines more', () => variables().length > shown + 2);
  await child.stop('SIGKILL');
  await stack.rpcProxy.setMode('forward');
  expect(lines.filter((line) => line.includes('Debugger'))).toEqual([]);
  expect(variables().at(-1)).toMatch(/CHAIN_ID/);
});

it('a lost Redis is found, rebuilt and found right by the commands, which say no secret', async () => {
  await stack.service.start();
  await stack.queue.push(...['a', 'b'].map((modelId) => platformMessage({ model_id: modelId })));
  await until('two events', async () => (await stack.queue.events()).length === 2);
  await stack.queue.drained();
  await stack.service.stop();
  await stack.queue.redis.flushall();

  const lost = await run('verify-ledger', '--quiescent');
  const rebuilt = await run('rebuild-ledger', '--publish-missing', '--json');
  const right = await run('verify-ledger', '--quiescent', '--events-kept', '--json');
  const wrong = await run('rebuild-ledger', '--publish-missing', '--events-published');

  expect(lost.code).toBe(1);
  expect(lost.lines.filter((line) => line.startsWith('token-without-job  model '))).toHaveLength(2);
  expect(rebuilt.code).toBe(0);
  expect(JSON.parse(rebuilt.lines.at(-1) ?? '')).toMatchObject({ restored: 2, published: 2 });
  expect(right.code).toBe(0);
  expect(JSON.parse(right.lines.at(-1) ?? '')).toMatchObject({ disagreements: [], counts: { jobs: 2, tokens: 2 } });
  expect(wrong).toMatchObject({ code: 2, lines: ['--publish-missing and --events-published contradict each other'] });
  const said = [lost, rebuilt, right, wrong].flatMap(({ lines }) => lines).join('\n');
  for (const secret of [DEPLOYER.privateKey.slice(2), stack.redis.url, stack.node.url]) {
    expect(said).not.toContain(secret);
  }
});

it("of a lost Redis on Hokusai's contracts the lane comes back by the command, and the tokens by their messages", async () => {
  const contracts = await TokenManagerContracts.deploy(stack.node, DEPLOYER.address);
  const env = { ...environment, ...contracts.environment };
  const messages = ['21', '22'].map((modelId) => platformMessage({ model_id: modelId }));
  await stack.service.start(contracts.environment);
  await stack.queue.push(...messages);
  await until('two events', async () => (await stack.queue.events()).length === 2);
  await stack.queue.drained();
  await stack.service.stop();
  await stack.queue.redis.flushall();

  const lost = await runWith(env, 'verify-ledger', '--quiescent');
  const refused = await runWith(env, 'rebuild-ledger', '--publish-missing');
  const rebuilt = await runWith(env, 'rebuild-ledger');
  await stack.service.start(contracts.environment);
  await stack.queue.push(...messages);
  await until('two events', async () => (await stack.queue.events()).length === 2);
  await stack.queue.drained();
  await stack.service.stop();
  const right = await runWith(env, 'verify-ledger', '--quiescent', '--events-kept');

  expect(lost.code).toBe(1);
  expect(lost.lines.filter((line) => line.startsWith('token-without-job  model 2'))).toHaveLength(2);
  expect(refused).toMatchObject({
    code: 2,
    lines: [expect.stringMatching(/^--publish-missing: these contracts do not/)],
  });
  expect(rebuilt.code).toBe(0);
  expect(rebuilt.lines.filter((line) => line.startsWith('adoptable  model '))).toHaveLength(2);
  expect(right).toMatchObject({ code: 0 });
  expect(right.lines.at(-1)).toBe('no discrepancy');
  for (const modelId of ['21', '22']) {
    expect(await contracts.find(modelId)).toMatchObject({ deployments: 1, registrations: 1 });
  }
  contracts.close();
});
