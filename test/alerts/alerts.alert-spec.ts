import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createHash, randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parseEther, Wallet } from 'ethers';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { DEPLOYER_ROLE, factoryInterface } from '#contracts';
import { ALERTS } from '../../scripts/monitoring/files.js';
import { scaleRules } from '../../scripts/monitoring/scaled-rules.js';
import { ANVIL_ACCOUNTS } from '../support/chain/anvil.js';
import { TokenManagerContracts } from '../support/chain/token-manager-contracts.js';
import { jsonRpcRequest } from '../support/chain/json-rpc-request.js';
import { platformMessage } from '../support/fixtures/platform-message.fixture.js';
import { TestStack } from '../support/process/test-stack.js';
import { RpcProxy } from '../support/rpc/rpc-proxy.js';
import { PrometheusServer } from '../support/telemetry/prometheus-server.js';
import { metric } from '../support/telemetry/read-metric.js';
import { until } from '../support/until.js';
import { FAULTS } from './faults.js';

/** A minute of the shipped rules is a second here. */
const FACTOR = 60;
const DEAD_LETTERS = 'hokusai:model_ready_queue:dlq';
const [FIRST, SECOND, RICH] = ANVIL_ACCOUNTS;
const POLICY_TOKEN = 'a-token-of-scope-policy-for-one-test';
const VALID_LIST = `keeper policy never ${createHash('sha256').update(POLICY_TOKEN).digest('hex')}\n`;
const MESSAGE_KEY = { id: 'platform-1', producer: 'platform', algorithm: 'hmac-sha256', secret: randomBytes(32) };
const VALID_KEYS = JSON.stringify({ keys: [{ ...MESSAGE_KEY, secret: MESSAGE_KEY.secret.toString('base64') }] });

let folder: string;
let stack: TestStack;
let rpc: RpcProxy;
let prometheus: PrometheusServer;
let settings: Record<string, string>;
let models = 0;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'alerts-'));
  const tokenList = join(folder, 'tokens');
  const messageKeys = join(folder, 'keys.json');
  await writeFile(tokenList, VALID_LIST);
  await writeFile(messageKeys, VALID_KEYS, { mode: 0o600 });
  stack = await TestStack.start({
    anvilArgs: ['--block-time', '1'],
    // Both have the role: the second replaces the first when that is shared.
    env: { DEPLOYER_PRIVATE_KEY: `${FIRST.privateKey},${SECOND.privateKey}`, CONFIRMATIONS: '1' },
  });
  rpc = await RpcProxy.start(stack.node.url);
  settings = {
    DEPLOYER_PRIVATE_KEY: FIRST.privateKey,
    WEB3_PROVIDER_URL: rpc.url,
    OPS_API_TOKEN_LIST: tokenList,
    MESSAGE_SIGNATURES: 'warn',
    MESSAGE_KEYS_FILE: messageKeys,
    TOKENS_PER_HOUR: '1000',
  };
  await stack.service.start(settings);
  const rules = scaleRules(await readFile(ALERTS, 'utf8'), FACTOR);
  prometheus = await PrometheusServer.start(new URL(stack.service.url).host, rules);
  await deployAll(1);
});
afterAll(async () => {
  await prometheus?.stop();
  await stack?.stop();
  await rpc?.stop();
  await rm(folder, { recursive: true, force: true });
});

/** Waits until all alerts of the fault fire. Returns their descriptions. */
async function firing(fault: keyof typeof FAULTS): Promise<readonly string[]> {
  const found = await Promise.all(
    FAULTS[fault].map(async (name) => await prometheus.waitUntilFiring(`TokenDeployer${name}`, 150_000)),
  );
  return found.map(({ description = '' }) => description);
}

/** Waits until the alerts of the fault are resolved. Returns those of them that fire again. */
async function firingAgain(fault: keyof typeof FAULTS): Promise<readonly string[]> {
  const alerts = FAULTS[fault].map((name) => `TokenDeployer${name}`);
  await Promise.all(alerts.map(async (alert) => await prometheus.waitUntilResolved(alert)));
  const names = new Set((await prometheus.firing()).map(({ labels }) => labels['alertname']));
  return alerts.filter((alert) => names.has(alert));
}

async function push(count: number): Promise<readonly string[]> {
  const names = Array.from({ length: count }, () => `model-${(models += 1)}`);
  await stack.queue.push(...names.map((model_id) => platformMessage({ model_id })));
  return names;
}

async function deployed(names: readonly string[]): Promise<void> {
  for (const name of names) await until(`the token of ${name}`, () => stack.tokens.find(name));
}

async function deployAll(count: number): Promise<void> {
  await deployed(await push(count));
}

async function restart(changes: Readonly<Record<string, string>>): Promise<void> {
  if (stack.service.running) await stack.service.stop();
  Object.assign(settings, changes);
  await stack.service.start(settings);
}

/** Runs the command of a runbook that contains `part`, as an operator does. */
async function follow(page: string, part: string, values: Readonly<Record<string, string>> = {}): Promise<void> {
  const text = await readFile(`docs/runbooks/${page}.md`, 'utf8');
  const blocks = Array.from(text.matchAll(/^ *```sh\n([\s\S]*?)^ *```$/gm), ([, block = '']) => block);
  const inline = Array.from(text.matchAll(/`(curl [^`]+)`/g), ([, command = '']) => command);
  const command = [...blocks, ...inline].find((each) => each.includes(part));
  if (command === undefined) throw new Error(`${page} has no command with ${part}`);
  const filled = Object.entries(values).reduce((script, [name, value]) => script.replaceAll(name, value), command);
  const env = { ...process.env, SERVICE: stack.service.url, TOKEN: stack.opsToken, POLICY_TOKEN };
  await promisify(execFile)('bash', ['-ec', filled.replaceAll('curl ', 'curl --fail-with-body ')], { env });
}

it('an empty wallet: the account that the alert names gets ether', async () => {
  await stack.node.request('anvil_setBalance', [FIRST.address, '0x0']);
  const claimed = await push(3);
  await prometheus.waitUntilFiring('TokenDeployerStopped');
  const waiting = await push(3);
  const descriptions = (await firing('an empty wallet')).join('\n');
  expect(descriptions).toMatch(/\d messages of token-deployer wait while every replica is held by insufficient_funds/);
  const [account = ''] = /0x[0-9a-fA-F]{40}/.exec(descriptions) ?? [];
  const value = `0x${parseEther('100').toString(16)}`;
  await stack.node.request('eth_sendTransaction', [{ from: RICH.address, to: account, value }]);
  expect(await firingAgain('an empty wallet')).toEqual([]);
  await deployed([...claimed, ...waiting]);
});

it('a chain that stops: it resumes, and so does the service', async () => {
  await stack.node.request('evm_setIntervalMining', [0]);
  const names = await push(1);
  await firing('a chain that stops');
  await stack.node.request('evm_setIntervalMining', [1]);
  expect(await firingAgain('a chain that stops')).toEqual([]);
  await deployed(names);
});

it('an endpoint that fails: the provider serves again', async () => {
  rpc.setRule(() => 503);
  await firing('an endpoint that fails');
  rpc.reset();
  expect(await firingAgain('an endpoint that fails')).toEqual([]);
  await deployAll(1);
});

it('a Redis that refuses writes: min-replicas-to-write is lowered', async () => {
  await stack.queue.redis.config('SET', 'min-replicas-to-write', '1');
  await firing('a Redis that refuses writes');
  await stack.queue.redis.config('SET', 'min-replicas-to-write', '0');
  expect(await firingAgain('a Redis that refuses writes')).toEqual([]);
  await deployAll(1);
});

it('messages that cannot be read: the producer sends corrected ones', async () => {
  await stack.queue.push(...Array.from({ length: 12 }, (_, index) => `no JSON ${index}`));
  const [description] = await firing('messages that cannot be read');
  expect(description).toContain('invalid_json');
  await deployAll(2);
  expect(await firingAgain('messages that cannot be read')).toEqual([]);
});

it('a dead letter of last week: it is discarded with a note', async () => {
  const failed_at = new Date(Date.now() - 7 * 86_400_000).toISOString();
  const entry = { id: 'old-one', original_message: 'm', error: 'e', reason: 'internal_error', failed_at };
  await stack.queue.redis.rpush(DEAD_LETTERS, JSON.stringify(entry));
  await firing('a dead letter of last week');
  const { body } = await stack.service.request('GET', '/dlq?limit=1');
  const [oldest] = (body as { items: readonly { id: string }[] }).items;
  await follow('dead-letters-not-drained', '-X DELETE', { '<id>': oldest?.id ?? '' });
  expect(await firingAgain('a dead letter of last week')).toEqual([]);
});

it('a node that refuses transactions: another endpoint is added', async () => {
  const refusal = { code: -32_000, message: 'transaction rejected by local policy' };
  rpc.setRule(({ method }) => (method === 'eth_sendRawTransaction' ? refusal : 'forward'));
  const names = await push(1);
  await firing('a node that refuses transactions');
  await restart({ WEB3_PROVIDER_URL: `${rpc.url},${stack.node.url}` });
  expect(await firingAgain('a node that refuses transactions')).toEqual([]);
  await deployed(names);
  rpc.reset();
});

it('an invalid token list: the previous list is restored', async () => {
  const file = settings['OPS_API_TOKEN_LIST'] ?? '';
  await writeFile(file, 'alice\n');
  await firing('an invalid token list');
  await writeFile(file, VALID_LIST);
  expect(await firingAgain('an invalid token list')).toEqual([]);
});

it('an invalid file of message keys: the previous file is restored', async () => {
  const file = settings['MESSAGE_KEYS_FILE'] ?? '';
  await writeFile(file, '{}');
  await firing('an invalid file of message keys');
  await writeFile(file, VALID_KEYS);
  expect(await firingAgain('an invalid file of message keys')).toEqual([]);
});

it('a spent budget: it is raised', async () => {
  const spent = await metric(stack.service, 'spend_spent', { budget: 'tokens_per_hour' });
  const headers = { authorization: `Bearer ${POLICY_TOKEN}`, 'content-type': 'application/json' };
  const body = JSON.stringify({ version: 0, tokens_per_hour: spent });
  expect((await fetch(`${stack.service.url}/policy`, { method: 'PUT', headers, body })).status).toBe(200);
  const names = await push(1);
  const [description] = await firing('a spent budget');
  expect(description).toContain('tokens_per_hour');
  await follow('budget-runway', '-X PUT', { '<version>': '1' });
  expect(await firingAgain('a spent budget')).toEqual([]);
  await deployed(names);
});

it('a throttled process: the limit is lifted', async () => {
  const throttling = setInterval(() => {
    stack.service.signal('SIGSTOP');
    setTimeout(() => stack.service.signal('SIGCONT'), 700);
  }, 1_000);
  await firing('a throttled process').finally(() => clearInterval(throttling));
  expect(await firingAgain('a throttled process')).toEqual([]);
});

it('a killed process: it is started', async () => {
  await stack.service.stop('SIGKILL');
  await firing('a killed process');
  await restart({});
  expect(await firingAgain('a killed process')).toEqual([]);
});

it('a shared key: the queue is paused and another key takes over', async () => {
  const latest = await stack.node.request('eth_getTransactionCount', [FIRST.address, 'pending']);
  const transaction = await new Wallet(FIRST.privateKey).signTransaction({
    chainId: 31_337,
    nonce: Number(latest),
    to: RICH.address,
    value: 1n,
    gasLimit: 21_000n,
    gasPrice: 10_000_000_000n,
  });
  await jsonRpcRequest(stack.node.url, 'eth_sendRawTransaction', [transaction]);
  await firing('a shared key');
  await follow('failure-ratio', '/queue/pause');
  await restart({ DEPLOYER_PRIVATE_KEY: SECOND.privateKey });
  await follow('consumer-held', '/queue/resume');
  expect(await firingAgain('a shared key')).toEqual([]);
  await deployAll(1);
});

it('transactions that fail on chain: the role is granted again, and the circuit breaker is closed', async () => {
  const factory = stack.environment['FACTORY_ADDRESS'] ?? '';
  const sendAsAdmin = async (method: 'grantRole' | 'revokeRole', fees: object): Promise<void> => {
    const data = factoryInterface.encodeFunctionData(method, [DEPLOYER_ROLE, SECOND.address]);
    await stack.node.request('eth_sendTransaction', [{ from: FIRST.address, to: factory, data, ...fees }]);
  };
  await restart({ CIRCUIT_FAILURES: '2', CIRCUIT_COOL_DOWN: '3600' });
  await stack.node.request('evm_setIntervalMining', [0]);
  const names: string[] = [];
  for (const waiting of ['0x1', '0x2']) {
    names.push(...(await push(1)));
    await until(`${waiting} transactions`, async () => {
      const status = (await stack.node.request('txpool_status')) as { readonly pending: string };
      return status.pending === waiting;
    });
  }
  await sendAsAdmin('revokeRole', { maxFeePerGas: '0x174876e800', maxPriorityFeePerGas: '0x12a05f2000' });
  await stack.node.request('evm_setIntervalMining', [1]);
  await until('the failures', async () => (await metric(stack.service, 'circuit_open')) === 1);
  await sendAsAdmin('grantRole', {});
  await firing('transactions that fail on chain');
  await follow('circuit-open', '/policy/circuit/close');
  expect(await firingAgain('transactions that fail on chain')).toEqual([]);
  await deployed(names);
});

it('a registry that refuses a token: its owner registers it', async () => {
  const { node } = stack;
  const contracts = await TokenManagerContracts.deploy(node, FIRST.address);
  try {
    const queueName = 'hokusai:managed_queue';
    await restart({ ...contracts.environment, QUEUE_NAME: queueName });
    const model = '1';
    await stack.queue.redis.lpush(queueName, platformMessage({ model_id: model }));
    await until('the token', async () => (await contracts.find(model)).address !== null);
    const registration = contracts.registration(model, String((await contracts.find(model)).address));
    const selector = registration.slice(2, 10);
    const code = String(await node.request('eth_getCode', [contracts.registry, 'latest']));
    await node.request('anvil_setCode', [contracts.registry, code.replace(`63${selector}`, '63ffffffff')]);
    await contracts.transferRegistry(SECOND.address);
    await firing('a registry that refuses a token');
    await node.request('anvil_setCode', [contracts.registry, code]);
    await contracts.send(SECOND.address, contracts.registry, registration);
    expect(await firingAgain('a registry that refuses a token')).toEqual([]);
    expect(await contracts.find(model)).toMatchObject({ deployments: 1, registrations: 1 });
  } finally {
    contracts.close();
  }
});
