import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ChainHarness } from '../../support/chain/chain-harness.js';
import { until } from '../../support/until.js';

/** Slots of an epoch: with these, anvil calls a block safe when so many follow it, and final when twice as many do. */
const EPOCH = 3;

describe('Finality by a tag of the chain', () => {
  let chain: ChainHarness;
  beforeAll(async () => {
    chain = await ChainHarness.start(['--slots-in-an-epoch', String(EPOCH)]);
    await chain.mine(2 * EPOCH);
  });
  afterEach(() => chain.reset());
  afterAll(() => chain.stop());

  const numberOf = async (tag: string): Promise<number> => {
    const block = (await chain.anvil.request('eth_getBlockByNumber', [tag, false])) as { number: string };
    return Number(block.number);
  };

  it.each(['safe', 'finalized'])('publishes the event when the block is %s, and not one block earlier', async (tag) => {
    const replica = await chain.startReplica({ CONFIRMATIONS: tag });
    await replica.submit(`model-${tag}`);
    await until('a receipt', async () => (await replica.laneSlotsMetric('mined')) === 1);
    const block = await numberOf('latest');
    while ((await numberOf(tag)) < block) {
      const looks = chain.proxy.count('eth_getBlockByNumber');
      await until('two more looks', () => chain.proxy.count('eth_getBlockByNumber') >= looks + 4);
      expect(await replica.eventModelIds()).toEqual([]);
      await chain.mine();
    }

    expect(await replica.waitForResult(`model-${tag}`)).toMatchObject({
      kind: 'deployed',
      token: { blockNumber: block },
    });
    expect(await replica.eventModelIds()).toEqual([`model-${tag}`]);
    expect(await numberOf('latest')).toBe(block + (tag === 'safe' ? EPOCH : 2 * EPOCH));
  });

  it('sends the same bytes again when the block is gone before it is final', async () => {
    const replica = await chain.startReplica({ CONFIRMATIONS: 'finalized' });
    await replica.submit('gone');
    await until('a receipt', async () => (await replica.laneSlotsMetric('mined')) === 1);
    await chain.mine(EPOCH);
    await chain.anvil.request('anvil_reorg', [EPOCH + 1, []]);
    await until('the same bytes again', () => chain.proxy.sentTransactions.length === 2);

    expect(new Set(chain.proxy.sentTransactions).size).toBe(1);
    expect(await replica.eventModelIds()).toEqual([]);
    await until('another receipt', async () => (await replica.laneSlotsMetric('mined')) === 1);
    await chain.mine(2 * EPOCH);
    expect(await replica.waitForResult('gone')).toMatchObject({ kind: 'deployed' });
  });

  it('names a receipt of a block that the chain does not have', async () => {
    const replica = await chain.startReplica({ CONFIRMATIONS: 'safe' });
    const blockHash = `0x${'0'.repeat(64)}`;
    const misplaced = { altered: (result: unknown) => (result === null ? null : { ...(result as object), blockHash }) };
    chain.proxy.setRule(({ method }) => (method === 'eth_getTransactionReceipt' ? misplaced : 'forward'));
    await replica.submit('misplaced');
    await until('a receipt', async () => (await replica.laneSlotsMetric('mined')) === 1);
    await chain.mine(EPOCH);

    const detail = await chain.hurry(replica.waitForHold('rpc_unavailable'));
    expect(detail).toMatch(/^eth_getTransactionReceipt on rpc-1: nonce \d+ of 0x\w+ is in another block/);
    chain.proxy.reset();
    expect(await replica.waitForResult('misplaced')).toMatchObject({ kind: 'deployed' });
    await replica.waitForHoldCleared('rpc_unavailable');
  });

  it('names a receipt of a block that the newest block does not reach', async () => {
    const replica = await chain.startReplica({ CONFIRMATIONS: 'safe' });
    await until('the lane', () => replica.holds.list().length === 0);
    const stale = await chain.anvil.request('eth_getBlockByNumber', ['latest', false]);
    chain.proxy.setRule(({ method, params }) =>
      method === 'eth_getBlockByNumber' && params[0] === 'latest' ? { result: stale } : 'forward',
    );
    await replica.submit('ahead');
    const detail = await chain.hurry(replica.waitForHold('rpc_unavailable'));
    expect(detail).toMatch(/^eth_getTransactionReceipt on rpc-1: nonce \d+ of 0x\w+ is above the newest block of eth_/);
    chain.proxy.reset();
    await chain.mine(EPOCH);
    expect(await replica.waitForResult('ahead')).toMatchObject({ kind: 'deployed' });
    await replica.waitForHoldCleared('rpc_unavailable');
  });
});
