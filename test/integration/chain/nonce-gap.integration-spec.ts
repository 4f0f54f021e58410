import { keccak256, Transaction } from 'ethers';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ChainHarness } from '../../support/chain/chain-harness.js';
import type { FaultRule } from '../../support/rpc/rpc-fault.js';
import { until } from '../../support/until.js';

describe('A nonce gap', () => {
  let chain: ChainHarness;
  beforeAll(async () => {
    chain = await ChainHarness.start();
  });
  beforeEach(() => chain.mine(20));
  afterEach(() => chain.reset());
  afterAll(() => chain.stop());

  const sent = (): readonly Transaction[] => chain.proxy.sentTransactions.map((raw) => Transaction.from(raw));

  it('is a hold and is filled after the chain went back below its final block', async () => {
    const replica = await chain.startReplica();
    const snapshot = await chain.anvil.request('evm_snapshot', []);
    const nonce = await chain.nonce();
    await replica.submit('rolled-back');
    await replica.waitForResult('rolled-back');
    await chain.anvil.request('evm_revert', [snapshot]);
    await chain.mine(20);

    await replica.submit('behind');
    expect(await chain.hurry(replica.waitForHold('nonce_gap'))).toContain(`nonce ${nonce}`);
    expect(await chain.hurry(replica.waitForResult('behind'))).toMatchObject({ kind: 'deployed' });
    await replica.waitForHoldCleared('nonce_gap');
    const filler = sent().find(({ to }) => to === chain.deployer.address);
    expect(filler).toMatchObject({ nonce, data: '0x', value: 0n });
    await until('no open slot', async () => (await replica.slots()).length === 0);
    expect(await chain.nonce()).toBe(nonce + 2);
  });

  it('is no hold any more when the node that lagged has caught up', async () => {
    const replica = await chain.startReplica();
    await replica.submit('closed');
    await replica.waitForResult('closed');
    const nonce = await chain.nonce();
    const lag: FaultRule = ({ method, params: [, tag] }) => {
      if (method === 'eth_getTransactionReceipt') return { result: null };
      const isCount = method === 'eth_getTransactionCount' && tag === 'latest';
      return isCount ? { result: `0x${(nonce - 1).toString(16)}` } : 'forward';
    };
    chain.proxy.setRule(lag);
    await replica.submit('lagged');
    await chain.hurry(replica.waitForHold('nonce_gap'));
    chain.proxy.reset();
    expect(await chain.hurry(replica.waitForResult('lagged'))).toMatchObject({ kind: 'deployed' });
    await replica.waitForHoldCleared('nonce_gap');
  });

  it('is not left by the receipt of a transaction that the chain does not have', async () => {
    let swallowed = '';
    const forge: FaultRule = ({ method, params: [first] }) => {
      const isFirst = chain.proxy.sentTransactions.length <= 1;
      if (method === 'eth_sendRawTransaction' && isFirst) {
        swallowed = keccak256(String(first));
        return { result: swallowed };
      }
      const isAsked = method === 'eth_getTransactionReceipt' && first === swallowed;
      return isAsked && isFirst ? { result: receiptOf(swallowed) } : 'forward';
    };
    const block = (await chain.anvil.request('eth_getBlockByNumber', ['latest', false])) as Record<string, string>;
    const receiptOf = (transactionHash: string) => ({
      transactionHash,
      blockHash: block['hash'],
      blockNumber: block['number'],
      transactionIndex: '0x0',
      from: chain.deployer.address,
      to: chain.factory,
      status: '0x1',
      gasUsed: '0x15f90',
      effectiveGasPrice: '0x3b9aca00',
      logs: [],
    });
    const nonce = await chain.nonce();
    chain.proxy.setRule(forge);
    const replica = await chain.startReplica();
    await replica.submit('forged');
    expect(await chain.hurry(replica.waitForResult('forged'))).toMatchObject({ kind: 'deployed' });
    expect(chain.proxy.sentTransactions.length).toBeGreaterThan(1);
    expect(new Set(sent().map((transaction) => transaction.nonce))).toEqual(new Set([nonce]));
    expect(await chain.nonce()).toBe(nonce + 1);
  });
});
