import { Transaction } from 'ethers';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { GethMempool } from '../../support/chain/geth-mempool.js';
import { until } from '../../support/until.js';
import { RpcPoolFixture } from './rpc-pool.fixture.js';

describe("A pool with geth's replacement rule", () => {
  let scene: RpcPoolFixture;
  let pool: GethMempool;
  beforeAll(async () => {
    scene = await RpcPoolFixture.start();
  });
  afterEach(() => scene.reset());
  afterAll(() => scene.stop());

  const distinct = (): number => new Set(scene.first.sentTransactions).size;

  const underItsRule = (): void => {
    pool = new GethMempool(scene.first.request);
    scene.first.setRule(pool.rule);
  };

  it('takes every replacement, and one of them settles the slot', async () => {
    const replica = await scene.startWithOne({ REPLACE_AFTER: '0.2' });
    underItsRule();
    await scene.chain.setAutomine(false);
    await replica.submit('bumped');
    await until('three replacements', () => distinct() >= 4);
    expect(pool.rejections.filter((words) => words !== 'already known')).toEqual([]);
    await scene.chain.mine();
    expect(await scene.summarize(replica, ['bumped'])).toEqual(scene.deployOnce(['bumped'], 1));
  });

  it('refuses what offers too little, which nothing of ours does: the rule is in force', async () => {
    const replica = await scene.startWithOne({ REPLACE_AFTER: '60' });
    underItsRule();
    await scene.chain.setAutomine(false);
    await replica.submit('enforced');
    await scene.chain.waitForMempool(1);
    const [raw] = scene.first.sentTransactions;
    const { nonce, maxFeePerGas } = Transaction.from(raw);
    expect(await pool.rule({ method: 'eth_sendRawTransaction', params: [raw] })).toMatchObject({
      message: 'already known',
    });
    const signed = await scene.signed({ nonce, maxFeePerGas: ((maxFeePerGas ?? 0n) * 109n) / 100n });
    expect(await pool.rule({ method: 'eth_sendRawTransaction', params: [signed] })).toMatchObject({
      message: 'replacement transaction underpriced',
    });
    await scene.chain.mine();
    expect(await scene.summarize(replica, ['enforced'])).toEqual(scene.deployOnce(['enforced'], 1));
  });
});
