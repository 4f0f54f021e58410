import { Transaction } from 'ethers';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { GethPool } from '../../support/geth-pool.js';
import { until } from '../../support/until.js';
import { RpcScene } from './rpc-scene.js';

describe("A pool with geth's replacement rule", () => {
  let scene: RpcScene;
  let pool: GethPool;
  beforeAll(async () => {
    scene = await RpcScene.start();
  });
  afterEach(() => scene.reset());
  afterAll(() => scene.stop());

  const distinct = (): number => new Set(scene.first.sent).size;

  const underItsRule = (): void => {
    pool = new GethPool(scene.first.ask);
    scene.first.decide(pool.judge);
  };

  it('takes every replacement, and one of them settles the slot', async () => {
    const replica = await scene.alone({ REPLACE_AFTER: '0.2' });
    underItsRule();
    await scene.chain.mining(false);
    await replica.submit('bumped');
    await until('three replacements', () => distinct() >= 4);
    expect(pool.refusals.filter((words) => words !== 'already known')).toEqual([]);
    await scene.chain.mine();
    expect(await scene.account(replica, ['bumped'])).toEqual(scene.once(['bumped'], 1));
  });

  it('refuses what offers too little, which nothing of ours does: the rule is in force', async () => {
    const replica = await scene.alone({ REPLACE_AFTER: '60' });
    underItsRule();
    await scene.chain.mining(false);
    await replica.submit('enforced');
    await scene.chain.pooled(1);
    const [raw] = scene.first.sent;
    const { nonce, maxFeePerGas } = Transaction.from(raw);
    expect(await pool.judge({ method: 'eth_sendRawTransaction', params: [raw] })).toMatchObject({
      message: 'already known',
    });
    const signed = await scene.signed({ nonce, maxFeePerGas: ((maxFeePerGas ?? 0n) * 109n) / 100n });
    expect(await pool.judge({ method: 'eth_sendRawTransaction', params: [signed] })).toMatchObject({
      message: 'replacement transaction underpriced',
    });
    await scene.chain.mine();
    expect(await scene.account(replica, ['enforced'])).toEqual(scene.once(['enforced'], 1));
  });
});
