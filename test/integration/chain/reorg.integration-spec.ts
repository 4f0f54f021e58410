import { Transaction } from 'ethers';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ChainHarness } from '../../support/chain/chain-harness.js';
import { until } from '../../support/until.js';

describe('A chain that changes its mind', () => {
  let chain: ChainHarness;
  beforeAll(async () => {
    chain = await ChainHarness.start();
  });
  afterEach(() => chain.reset());
  afterAll(() => chain.stop());

  /** The replica has asked for the head, and what follows from it, this many times more. */
  const looksAgain = async (times: number): Promise<void> => {
    const before = chain.proxy.count('eth_getBlockByNumber');
    await until(`${times} more looks`, () => chain.proxy.count('eth_getBlockByNumber') >= before + times);
  };

  it('publishes the event only after its block is final', async () => {
    const replica = await chain.startReplica({ CONFIRMATIONS: '4' });
    await replica.submit('final');
    await until('a receipt', async () => (await replica.laneSlotsMetric('mined')) === 1);
    for (let confirmations = 1; confirmations < 4; confirmations += 1) {
      await looksAgain(2);
      expect(await replica.eventModelIds()).toEqual([]);
      await chain.mine();
    }
    await replica.waitForResult('final');
    expect(await replica.eventModelIds()).toEqual(['final']);
  });

  it('sends the same bytes again when a reorg takes the transaction away before it is final', async () => {
    const replica = await chain.startReplica({ CONFIRMATIONS: '3' });
    await replica.submit('reorged');
    await until('a receipt', async () => (await replica.laneSlotsMetric('mined')) === 1);
    await chain.anvil.request('anvil_reorg', [1, []]);
    await until('the same bytes again', () => chain.proxy.sentTransactions.length === 2);
    expect(new Set(chain.proxy.sentTransactions).size).toBe(1);
    expect(replica.results.results).toEqual([]);
    expect(await replica.eventModelIds()).toEqual([]);
    const { values } = await replica.metrics.reorgsTotal.get();
    expect(values[0]?.value).toBeGreaterThanOrEqual(1);
    await until('another receipt', async () => (await replica.laneSlotsMetric('mined')) === 1);
    await chain.mine(2);
    expect(await replica.waitForResult('reorged')).toMatchObject({
      kind: 'deployed',
      token: { transactionHash: Transaction.from(chain.proxy.sentTransactions[0]).hash },
    });
    expect((await chain.tokens.find('reorged'))?.deployments).toBe(1);
    expect(await replica.eventModelIds()).toEqual(['reorged']);
  });

  it('counts confirmations from the block that holds the transaction now', async () => {
    const replica = await chain.startReplica({ CONFIRMATIONS: '3' });
    await replica.submit('moved');
    await until('a receipt', async () => (await replica.laneSlotsMetric('mined')) === 1);
    const raw = chain.proxy.sentTransactions[0];
    await chain.mine();
    // The transaction moves from the lower of the two newest blocks to the higher one.
    await chain.anvil.request('anvil_reorg', [2, [[raw, 1]]]);
    const receipt = await until('the receipt', async () => {
      const hash = Transaction.from(raw).hash;
      return (await chain.anvil.request('eth_getTransactionReceipt', [hash])) as { blockNumber: string } | null;
    });
    await looksAgain(3);
    await chain.mine();
    await looksAgain(3);
    expect(replica.results.results).toEqual([]);
    await chain.mine();
    const finding = await replica.waitForResult('moved');
    expect(finding).toMatchObject({ kind: 'deployed', token: { blockNumber: Number(receipt.blockNumber) } });
  });

  it('gives a slot up only when a foreign transaction has its nonce for good, and deploys once with another', async () => {
    await chain.setAutomine(false);
    const replica = await chain.startReplica({ CONFIRMATIONS: '3', REPLACE_AFTER: '0.2' });
    const nonce = await chain.nonce();
    let overtaken = false;
    chain.proxy.addHook('eth_sendRawTransaction', async () => {
      if (!overtaken) {
        overtaken = true;
        await chain.sendForeignTransaction(nonce);
        await chain.mine();
      }
    });
    await replica.submit('overtaken', 'overtaken-too');
    await until('the foreign transaction', async () => (await chain.nonce()) === nonce + 1);
    for (let confirmations = 1; confirmations < 3; confirmations += 1) {
      await looksAgain(4);
      expect((await replica.slots()).map((slot) => slot.nonce)).toEqual([nonce]);
      await chain.mine();
    }
    const slots = await until('another slot', async () => {
      const open = await replica.slots();
      return open[0]?.nonce === nonce + 1 && open;
    });
    expect(slots[0]?.modelIds.toSorted()).toEqual(['overtaken', 'overtaken-too']);
    await chain.waitForMempool(1);
    await chain.mine(3);
    for (const model of ['overtaken', 'overtaken-too']) {
      await until(`the token of ${model}`, () => replica.results.of(model)?.kind === 'deployed');
      expect((await chain.tokens.find(model))?.deployments).toBe(1);
    }
    expect((await replica.eventModelIds()).toSorted()).toEqual(['overtaken', 'overtaken-too']);
  });

  it('does not take a receipt that it missed for a foreign transaction', async () => {
    await chain.setAutomine(false);
    const replica = await chain.startReplica({ CONFIRMATIONS: '2', REPLACE_AFTER: '0.2' });
    await replica.submit('hidden');
    await chain.waitForMempool(1);
    // A node that lags behind shows the nonce taken and no receipt.
    chain.proxy.setRule(({ method }) =>
      method === 'eth_getTransactionReceipt'
        ? { code: -32000, message: 'transaction indexing is in progress' }
        : 'forward',
    );
    await chain.mine(2);
    await looksAgain(8);
    expect(await replica.slots()).toHaveLength(1);
    chain.proxy.reset();
    expect(await replica.waitForResult('hidden')).toMatchObject({ kind: 'deployed' });
    expect(chain.proxy.sentTransactions).toHaveLength(1);
    expect((await chain.tokens.find('hidden'))?.deployments).toBe(1);
    expect(await replica.eventModelIds()).toEqual(['hidden']);
  });
});
