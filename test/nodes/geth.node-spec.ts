import { Transaction, Wallet } from 'ethers';
import { describe, expect, it } from 'vitest';
import type { TestStack } from '../support/process/test-stack.js';
import { until } from '../support/until.js';
import { GETH_CHAIN_ID, GETH_DEVELOPER, GethNode } from './geth-node.js';
import {
  deployThroughKill,
  eventCount,
  names,
  oneTokenEach,
  outcome,
  push,
  useNodeStack,
  WAITING,
} from './node-scenario.js';

const nonceOf = async ({ node }: TestStack): Promise<number> =>
  Number(await node.request('eth_getTransactionCount', [GETH_DEVELOPER.address, 'pending']));

describe('The service on geth', () => {
  const startWith = useNodeStack({
    env: { DEPLOYER_PRIVATE_KEY: GETH_DEVELOPER.privateKey, CHAIN_ID: GETH_CHAIN_ID, CONFIRMATIONS: '2' },
  });
  const start = (flags: readonly string[] = [], env: Readonly<Record<string, string>> = {}): Promise<TestStack> =>
    startWith({ startNode: () => GethNode.start(flags), env });

  it('deploys 500 tokens while the service is killed and the node restarts', async () => {
    const running = await start();
    const models = await deployThroughKill(running);
    await until('more tokens', async () => (await eventCount(running)) >= 300, WAITING);
    await running.node.restart();
    expect(await outcome(running)).toEqual(oneTokenEach(models));
  });

  it('deploys each model once where the node is killed and its mempool is gone', async () => {
    // A lone node that keeps its state in memory would lose the contracts, which a network keeps.
    const running = await start(['--gcmode', 'archive', '--state.scheme', 'hash']);
    const models = names('lost', 200);
    await push(running, ...models.slice(0, 100));
    await until('the first tokens', async () => (await eventCount(running)) >= 30, WAITING);
    await push(running, ...models.slice(100));
    await until('later tokens', async () => (await running.tokens.deployments()) >= 110, WAITING);
    await running.node.stopProcess('SIGKILL');
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
    ['2,000 bytes of answers to a batch', ['--rpc.batch-response-max-size', '2000']],
    ['four transactions of an account in its mempool', ['--txpool.accountslots', '2', '--txpool.accountqueue', '2']],
  ])('deploys 120 tokens with %s', async (_what, flags, env = {}) => {
    const running = await start(flags, env);
    const models = names('limited', 120);
    await push(running, ...models);
    expect(await outcome(running)).toEqual(oneTokenEach(models));
  });
});
