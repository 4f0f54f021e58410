import { Transaction } from 'ethers';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../../support/until.js';
import { ChainHarness } from '../../support/chain/chain-harness.js';

describe('The signing policy', () => {
  let chain: ChainHarness;

  beforeAll(async () => {
    chain = await ChainHarness.start();
  });
  afterEach(() => chain.reset());
  afterAll(() => chain.stop());

  it('signs no legacy transaction for a node that hides the base fee, and takes the last one', async () => {
    const replica = await chain.startReplica();
    await replica.submit('before');
    await replica.waitForResult('before');
    const sent = chain.proxy.sentTransactions.length;
    chain.proxy.setRule(({ method }) => {
      if (method !== 'eth_getBlockByNumber') return 'forward';
      return { altered: (block) => ({ ...(block as object), baseFeePerGas: undefined }) };
    });
    await chain.mine();
    const asked = chain.proxy.count('eth_getBlockByNumber');
    await until('a head without base fee', () => chain.proxy.count('eth_getBlockByNumber') > asked + 2);
    await replica.submit('hidden');
    expect(await replica.waitForResult('hidden')).toMatchObject({ kind: 'deployed' });
    const types = chain.proxy.sentTransactions.slice(sent).map((raw) => Transaction.from(raw).type);
    expect(new Set(types)).toEqual(new Set([2]));
    chain.proxy.reset();
  });
});
