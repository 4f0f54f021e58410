import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { GethMempool } from '../../support/chain/geth-mempool.js';
import type { RpcFault, FaultRule } from '../../support/rpc/rpc-fault.js';
import {
  failFirstSends,
  lagBehind,
  delayReceipts,
  loseTransactions,
  serveStaleNonce,
  throttleFirst,
} from '../../support/rpc/fault-rules.js';
import { until } from '../../support/until.js';
import { RpcPoolFixture } from './rpc-pool.fixture.js';

describe('One endpoint that misbehaves', () => {
  let scene: RpcPoolFixture;
  beforeAll(async () => {
    scene = await RpcPoolFixture.start();
  });
  afterEach(() => scene.reset());
  afterAll(() => scene.stop());

  /** Under the rules of geth's pool, which anvil does not have, unless the fault decides. */
  const underGethRules = (fault: FaultRule): FaultRule => {
    const pool = new GethMempool(scene.first.request);
    return async (call) => {
      const fate = await fault(call);
      return fate === 'forward' ? await pool.rule(call) : fate;
    };
  };

  const sends: readonly (readonly [what: string, fate: RpcFault])[] = [
    ['takes it and answers nothing', 'forward-and-hang'],
    ['takes it and answers 500', { status: 500, forwarded: true }],
    ['takes it and cuts the connection', 'drop-answer'],
    ['cuts the connection', 'drop-request'],
    ['answers nothing', 'hang'],
    ['answers 502', 502],
    ['has an answer that is no word of ours', { code: -32000, message: 'mana exhausted' }],
    ['says that the nonce is too low, which is not true', { code: -32000, message: 'nonce too low' }],
  ];
  it.each(sends)('deploys once when a send %s', async (what, fate) => {
    const replica = await scene.startWithOne();
    scene.first.setRule(underGethRules(failFirstSends(1, fate)));
    await replica.submit(`send: ${what}`);
    expect(await scene.summarize(replica, [`send: ${what}`])).toEqual(scene.deployOnce([`send: ${what}`], 1));
  });

  it('deploys once when transactions are lost without a word', async () => {
    const replica = await scene.startWithOne();
    scene.first.setRule(loseTransactions);
    await replica.submit('lost');
    await until('it to be sent again', () => scene.first.sentTransactions.length >= 3);
    expect(await scene.chain.nonce('pending')).toBe(await scene.chain.nonce('latest'));
    scene.first.reset();
    expect(await scene.summarize(replica, ['lost'])).toEqual(scene.deployOnce(['lost'], 1));
  });

  it('leaves an endpoint alone as long as it asks, and then goes on', async () => {
    const replica = await scene.startWithOne();
    scene.first.setRule(throttleFirst(1, 2));
    await until('the throttling', async () => (await replica.checkRpc()).detail?.includes('rate_limited'));
    const asked = scene.first.calls.length;
    const began = Date.now();
    await replica.submit('throttled');
    expect(await scene.summarize(replica, ['throttled'])).toEqual(scene.deployOnce(['throttled'], 1));
    const next = scene.first.calls.slice(asked).find(({ method }) => method !== 'eth_sendRawTransaction');
    expect(next?.method).toBe('eth_chainId');
    expect(Date.now() - began).toBeGreaterThan(1_000);
  });

  it('deploys once when the nonce is that of some blocks ago', async () => {
    const before = await scene.startWithOne();
    await before.submit('nonce-1');
    await before.waitForResult('nonce-1');
    await before.submit('nonce-2');
    expect(await scene.summarize(before, ['nonce-1', 'nonce-2'])).toEqual(scene.deployOnce(['nonce-1', 'nonce-2'], 2));
    await before.stop();
    scene.first.setRule(serveStaleNonce(scene.first.request, 1));
    const replica = await scene.chain.startReplica({ RPC_TIMEOUT: '0.5', REPLACE_AFTER: '0.5' });
    await replica.submit('nonce-3');
    await until('a look at the nonce', () => scene.first.count('eth_getTransactionCount') > 4);
    await scene.chain.mine();
    scene.first.reset();
    expect(await replica.waitForResult('nonce-3')).toMatchObject({ kind: 'deployed' });
    expect((await scene.chain.tokens.find('nonce-3'))?.deployments).toBe(1);
    expect(await replica.slots()).toEqual([]);
    expect(await scene.chain.nonce('pending')).toBe(await scene.chain.nonce('latest'));
  });

  it('deploys once when receipts come some blocks late', async () => {
    const replica = await scene.startWithOne({ CONFIRMATIONS: '2' });
    scene.first.setRule(underGethRules(delayReceipts(scene.first.request, 4)));
    await replica.submit('late');
    await until('the transaction to be mined', async () => (await scene.chain.tokens.find('late')) !== null);
    for (let block = 0; block < 4; block += 1) {
      const looks = scene.first.count('eth_getTransactionReceipt');
      await until('another look', () => scene.first.count('eth_getTransactionReceipt') > looks);
      expect(replica.results.results).toEqual([]);
      await scene.chain.mine();
    }
    expect(await scene.summarize(replica, ['late'])).toEqual(scene.deployOnce(['late'], 1));
  });

  it('deploys once when everything is some blocks old, and its head does not go back', async () => {
    const replica = await scene.startWithOne({ RPC_MAX_LAG: '30' });
    const heads: number[] = [];
    scene.first.setRule(lagBehind(scene.first.request, 2));
    const watch = setInterval(() => {
      void replica.metrics.chainHeadBlockNumber.get().then(({ values }) => heads.push(values[0]?.value ?? 0));
    }, 20);
    try {
      await replica.waitForHold('rpc_unavailable');
      await replica.submit('old news');
      // It has caught up with what was seen before, and is still behind.
      await scene.chain.mine(2);
      await replica.waitForHoldCleared('rpc_unavailable');
      await until('the transaction to be mined', async () => (await scene.chain.tokens.find('old news')) !== null);
      await scene.chain.mine(2);
      expect(await scene.summarize(replica, ['old news'])).toEqual(scene.deployOnce(['old news'], 1));
    } finally {
      clearInterval(watch);
    }
    expect(heads).toEqual(heads.toSorted((a, b) => a - b));
  });

  it('accepts a lower head when no endpoint has reported the old one for long', async () => {
    const replica = await scene.startWithOne({ RPC_MAX_LAG: '1' });
    scene.first.setRule(lagBehind(scene.first.request, 2));
    await replica.waitForHold('rpc_unavailable');
    await replica.waitForHoldCleared('rpc_unavailable');
    expect(scene.chain.log.some((line) => line.includes('chain_head.rolled_back'))).toBe(true);
  });

  it('takes an endpoint that refuses batches, and remembers it', async () => {
    const replica = await scene.startWithOne({ BATCH_SIZE: '1', BATCH_WAIT_MS: '0' });
    let refused = 0;
    scene.first.refuseBatches(() => {
      refused += 1;
    });
    await scene.chain.setAutomine(false);
    await replica.submit('single-1', 'single-2', 'single-3');
    await scene.chain.waitForMempool(3);
    await scene.chain.mine();
    expect(await scene.summarize(replica, ['single-1', 'single-2', 'single-3'])).toEqual(
      scene.deployOnce(['single-1', 'single-2', 'single-3'], 3),
    );
    expect(refused).toBe(1);
  });
});
