import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ANVIL_ACCOUNTS } from '../support/chain/anvil.js';
import { deployContracts } from '../support/chain/deploy-contracts.js';
import { platformMessage } from '../support/fixtures/platform-message.fixture.js';
import { TestStack } from '../support/process/test-stack.js';
import { until } from '../support/until.js';

describe('the start of the service', () => {
  let stack: TestStack;

  beforeAll(async () => {
    stack = await TestStack.start({
      env: { RPC_TIMEOUT: '1', REDIS_CONNECT_TIMEOUT: '1', POLL_INTERVAL: '0.2' },
    });
  });

  afterAll(() => stack.stop());

  const refusal = async (changes: Readonly<Record<string, string>>): Promise<{ code: number | null; says: string }> => {
    stack.service.launch(changes);
    return { code: await stack.service.exit(), says: stack.service.output };
  };

  it('is refused with one message that names every bad variable and no value', async () => {
    const { code, says } = await refusal({ CHAIN_ID: 'mainnet', DEPLOYER_PRIVATE_KEY: '0x5ec2e7', PORT: '70000' });

    expect(code).toBe(1);
    for (const name of ['CHAIN_ID', 'DEPLOYER_PRIVATE_KEY', 'PORT']) expect(says).toContain(name);
    for (const value of ['mainnet', '5ec2e7', '70000']) expect(says).not.toContain(value);
  });

  it.each([
    ['another chain', { CHAIN_ID: '1' }, /chain/i],
    ['an address without the factory', { FACTORY_ADDRESS: ANVIL_ACCOUNTS[2].address }, /factory|code/i],
    ['a signer without the role', { DEPLOYER_PRIVATE_KEY: ANVIL_ACCOUNTS[1].privateKey }, /DEPLOYER_ROLE|role/i],
  ])('is refused for %s', async (_what, changes, sentence) => {
    const { code, says } = await refusal(changes);

    expect(code).toBe(1);
    expect(says).toMatch(sentence);
  });

  it('warns of a key file that other users may read, without its path', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'key-'));
    const file = join(folder, 'key');
    await writeFile(file, ANVIL_ACCOUNTS[0].privateKey, { mode: 0o644 });
    await stack.service.start({ DEPLOYER_PRIVATE_KEY: '', DEPLOYER_PRIVATE_KEY_FILE: file });
    expect(await stack.service.stop('SIGTERM')).toBe(0);
    await rm(folder, { recursive: true });

    expect(stack.service.output).toMatch(
      /"event":"startup.secret_file_exposed".*"variable":"DEPLOYER_PRIVATE_KEY_FILE","mode":"0644"/,
    );
    expect(stack.service.output).not.toContain(file);
  });

  it('is not needed to change the key: the new account signs, and the transactions of the old one are finished', async () => {
    const [old, , changed] = ANVIL_ACCOUNTS;
    await deployContracts(stack.node, [old, changed].map(({ privateKey }) => privateKey).join(','));
    const nonce = async ({ address }: { readonly address: string }, tag: 'latest' | 'pending'): Promise<number> =>
      Number(await stack.node.request('eth_getTransactionCount', [address, tag]));
    const models = Array.from({ length: 20 }, (_, index) => `rotation-${index}`);
    const push = async (from: number, to: number): Promise<void> =>
      await stack.queue.push(
        ...models.slice(from, to).map((id) => platformMessage({ model_id: id }, { max_retries: 0 })),
      );
    const folder = await mkdtemp(join(tmpdir(), 'key-'));
    const file = join(folder, 'key');
    await writeFile(file, old.privateKey, { mode: 0o600 });
    await stack.service.start({ DEPLOYER_PRIVATE_KEY: '', DEPLOYER_PRIVATE_KEY_FILE: file, LANE_LEASE: '1' });
    const { pid } = stack.service;
    await stack.node.request('evm_setAutomine', [false]);

    await push(0, 10);
    const before = await nonce(old, 'latest');
    await until('a transaction of the old account', async () => (await nonce(old, 'pending')) > before);
    await writeFile(`${file}.new`, changed.privateKey, { mode: 0o600 });
    await rename(`${file}.new`, file);
    await push(10, 15);
    await until('the change', () => stack.service.output.includes('"event":"signer.changed"'));
    await push(15, 20);
    await until('a transaction of the new account', async () => (await nonce(changed, 'pending')) > 0);
    expect(await nonce(old, 'latest')).toBe(before);
    const sentByOld = await nonce(old, 'pending');
    await stack.node.request('evm_setAutomine', [true]);
    await stack.node.request('evm_mine');
    await stack.queue.drained();

    const tokens = await Promise.all(models.map((id) => stack.tokens.find(id)));
    expect(tokens.map((token) => token?.deployments)).toEqual(models.map(() => 1));
    const events = (await stack.queue.events()).filter(({ model_id: id }) => id.startsWith('rotation-'));
    expect(new Set(events.map(({ model_id: id }) => id))).toEqual(new Set(models));
    expect(await stack.queue.messageCounts()).toMatchObject({ processing: 0, delayed: 0, dead: 0 });
    expect([await nonce(old, 'latest'), stack.service.pid]).toEqual([sentByOld, pid]);
    expect(stack.service.output).not.toContain(changed.privateKey.slice(2));
    expect(await stack.service.stop('SIGTERM')).toBe(0);
    await rm(folder, { recursive: true });
  });

  it('opens no inspector on SIGUSR1, and keeps no key among its variables', async () => {
    const preload = `process.on('SIGUSR2', () => console.log('variables', Object.keys(process.env).join(' ')));`;
    await stack.service.start({ NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(preload)}` });
    stack.service.signal('SIGUSR2');
    await until('the variables', () => stack.service.output.includes('variables '));
    expect(stack.service.output).toMatch(/variables .*CHAIN_ID/);
    expect(stack.service.output).not.toMatch(/variables .*(?:DEPLOYER_PRIVATE_KEY|OPS_API_TOKEN|REDIS_URL)\b/);
    stack.service.signal('SIGUSR1');
    await stack.service.request('GET', '/health/live');
    await stack.service.request('GET', '/health/live');
    expect(stack.service.output).not.toContain('Debugger');
    expect(await stack.service.stop('SIGTERM')).toBe(0);
  });

  it('waits for a chain that is not there yet', async () => {
    await stack.rpcProxy.setMode('refuse');
    stack.service.launch();
    await stack.queue.push(platformMessage({ model_id: 'early' }, { max_retries: 0 }));
    await until('the hold', () => stack.service.output.includes('rpc-1'));
    expect((await stack.queue.messageCounts()).dead).toBe(0);
    expect(stack.service.output).toContain('"event":"startup.network"');
    expect(stack.service.output).toContain('"CONFIRMATIONS":{"value":"1","from":"preset"}');

    await stack.rpcProxy.setMode('forward');
    await until('the token', () => stack.tokens.find('early'));
    expect(await stack.service.stop('SIGTERM')).toBe(0);
  });

  it('waits for a Redis that is not there yet', async () => {
    await stack.redis.stopProcess();
    stack.service.launch();
    await until('an answer', async () => (await stack.service.request('GET', '/health/live')).status === 200);
    expect((await stack.service.request('GET', '/health/ready')).status).toBe(503);

    await stack.redis.restart();
    await until('readiness', async () => (await stack.service.request('GET', '/health/ready')).status === 200);
    await stack.queue.push(platformMessage({ model_id: 'later' }));
    await until('the token', () => stack.tokens.find('later'));
  });
});
