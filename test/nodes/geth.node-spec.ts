import { Transaction, Wallet } from 'ethers';
import { afterEach, describe, expect, it } from 'vitest';
import { platformMessage } from '../support/fixtures/platform-message.fixture.js';
import { TestStack } from '../support/process/test-stack.js';
import { until } from '../support/until.js';
import { GETH_CHAIN_ID, GETH_DEVELOPER, GethNode } from './geth-node.js';

const WAITING = { timeoutMs: 120_000 };

const push = async ({ queue }: TestStack, ...modelIds: readonly string[]): Promise<void> => {
  await queue.push(...modelIds.map((modelId) => platformMessage({ model_id: modelId })));
};
const names = (prefix: string, count: number): readonly string[] =>
  Array.from({ length: count }, (_value, index) => `${prefix}-${index}`);

/** What there is when the queue is drained. */
const outcome = async ({ queue, tokens }: TestStack) => {
  await queue.drained(WAITING);
  const events = (await queue.events()).map(({ model_id: modelId }) => modelId);
  const { dead } = await queue.messageCounts();
  return { events: events.toSorted(), tokens: (await tokens.deployedModels()).toSorted(), dead };
};

/** Exactly one token and one event for every model. */
const oneTokenEach = (modelIds: readonly string[]) => {
  const sorted = [...modelIds].toSorted();
  return { events: sorted, tokens: sorted, dead: 0 };
};
const eventCount = async ({ queue }: TestStack): Promise<number> => (await queue.events()).length;
const nonceOf = async ({ node }: TestStack): Promise<number> =>
  Number(await node.request('eth_getTransactionCount', [GETH_DEVELOPER.address, 'pending']));

describe('The service on geth', () => {
  let stack: TestStack | null = null;
  afterEach(async () => {
    await stack?.stop();
    stack = null;
  });

  const start = async (
    flags: readonly string[] = [],
    env: Readonly<Record<string, string>> = {},
  ): Promise<TestStack> => {
    stack = await TestStack.start({
      startNode: () => GethNode.start(flags),
      env: { DEPLOYER_PRIVATE_KEY: GETH_DEVELOPER.privateKey, CHAIN_ID: GETH_CHAIN_ID, CONFIRMATIONS: '2', ...env },
    });
    await stack.service.start();
    return stack;
  };

  it('deploys 500 tokens while the service is killed and the node restarts', async () => {
    const running = await start();
    const models = names('killed', 500);
    await push(running, ...models.slice(0, 250));
    await until('the first tokens', async () => (await eventCount(running)) >= 50, WAITING);
    await push(running, ...models.slice(250));
    await running.service.stop('SIGKILL');
    await running.service.start();
    await until('more tokens', async () => (await eventCount(running)) >= 300, WAITING);
    await running.node.restart();
    expect(await outcome(running)).toEqual(oneTokenEach(models));
  });

  it('goes on after a transaction of another program with the same key', async () => {
    const running = await start();
    await push(running, 'before');
    expect(await outcome(running)).toEqual(oneTokenEach(['before']));
    const fields = { gasLimit: 21_000n, maxFeePerGas: 20_000_000_000n, maxPriorityFeePerGas: 1_000_000_000n };
    const to = '0x000000000000000000000000000000000000dEaD';
    const foreign = Transaction.from({ ...fields, to, nonce: await nonceOf(running), chainId: 1337, type: 2 });
    const raw = await new Wallet(GETH_DEVELOPER.privateKey).signTransaction(foreign);
    await running.node.request('eth_sendRawTransaction', [raw]);
    await push(running, 'after');
    expect(await outcome(running)).toEqual(oneTokenEach(['before', 'after']));
  });

  it('deploys once where the chain goes back by debug_setHead', async () => {
    const running = await start([], { CONFIRMATIONS: '8' });
    const models = names('reorged', 20);
    await push(running, ...models);
    await until('a token in a block', async () => (await running.tokens.deployments()) > 0, WAITING);
    const head = Number(await running.node.request('eth_blockNumber'));
    await running.node.request('debug_setHead', [`0x${(head - 3).toString(16)}`]);
    expect(await outcome(running)).toEqual(oneTokenEach(models));
  });

  it.each<[what: string, flags: readonly string[], env?: Readonly<Record<string, string>>]>([
    ['a minimum tip of 1 gwei', ['--miner.gasprice', '1000000000', '--txpool.pricelimit', '1000000000']],
    ['a cost limit of 0.01 ether', ['--rpc.txfeecap', '0.01'], { MAX_FEE_PER_GAS_GWEI: '200' }],
    ['a gas cap of 6 million for calls', ['--rpc.gascap', '6000000']],
    ['three requests in a batch', ['--rpc.batch-request-limit', '3']],
    ['four transactions of an account in its mempool', ['--txpool.accountslots', '2', '--txpool.accountqueue', '2']],
  ])('deploys 120 tokens with %s', async (_what, flags, env = {}) => {
    const running = await start(flags, env);
    const models = names('limited', 120);
    await push(running, ...models);
    expect(await outcome(running)).toEqual(oneTokenEach(models));
  });
});
