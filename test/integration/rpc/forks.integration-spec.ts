import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Anvil } from '../../support/chain/anvil.js';
import { FactoryTokenReader } from '../../support/chain/factory-token-reader.js';
import { until } from '../../support/until.js';
import { RpcPoolFixture } from './rpc-pool.fixture.js';

/** Endpoints are compared two blocks below the lower head, and four are final. */
const ENV = { CONFIRMATIONS: '4', RPC_MAX_LAG_BLOCKS: '100' };

describe('Two endpoints on different forks', () => {
  let scene: RpcPoolFixture;
  let other: Anvil;
  beforeAll(async () => {
    scene = await RpcPoolFixture.start();
  });
  /** Shares all blocks so far with the first node, and none that is mined from now on. */
  beforeEach(async () => {
    other = await Anvil.start(['--fork-url', scene.chain.anvil.url]);
    scene.second.setTarget(other.url);
  });
  afterEach(async () => {
    await scene.reset();
    await other.stop();
  });
  afterAll(() => scene.stop());

  const mine = async (blocks: { readonly here: number; readonly there: number }): Promise<void> => {
    await scene.chain.mine(blocks.here);
    await other.request('anvil_mine', [`0x${blocks.there.toString(16)}`]);
  };

  it('follow the longer one, when it is the one that has served', async () => {
    const replica = await scene.startWithBoth(ENV);
    await mine({ here: 10, there: 6 });
    await scene.isExcluded(replica, 'south', 'forked');
    await replica.submit('longer');
    await until('the transaction to be mined', async () => (await scene.chain.tokens.find('longer')) !== null);
    await scene.chain.mine(3);
    expect(await scene.summarize(replica, ['longer'])).toEqual(scene.deployOnce(['longer'], 1));
    expect(scene.second.sentTransactions).toEqual([]);
    scene.second.setTarget(scene.chain.anvil.url);
    await scene.inService(replica);
  });

  it('follow the longer one, when it is the other', async () => {
    const replica = await scene.startWithBoth(ENV);
    const there = new FactoryTokenReader(other.url, scene.chain.factory);
    await mine({ here: 6, there: 10 });
    await scene.isExcluded(replica, 'north', 'forked');
    await replica.submit('other');
    await until('the transaction to be mined', async () => (await there.find('other')) !== null);
    await other.request('anvil_mine', ['0x3']);
    expect(await replica.waitForResult('other')).toMatchObject({ kind: 'deployed' });
    expect((await there.find('other'))?.deployments).toBe(1);
    expect(await replica.eventModelIds()).toEqual(['other']);
    expect(scene.first.sentTransactions).toEqual([]);
    there.close();
    scene.first.setTarget(other.url);
    await scene.inService(replica);
  });

  it('leave the wrong one out although the right one is silent, and wait', async () => {
    const replica = await scene.startWithBoth(ENV);
    await mine({ here: 10, there: 6 });
    await scene.isExcluded(replica, 'south', 'forked');
    scene.first.setRule(() => 'drop-request');
    await replica.waitForHold('rpc_unavailable');
    await replica.submit('patient');
    // The other one gets longer than what was seen of the first, and is asked again and again.
    await other.request('anvil_mine', ['0x14']);
    const asked = scene.second.count('eth_chainId');
    await until('looks at the other', () => scene.second.count('eth_chainId') > asked + 5);
    expect(await replica.slots()).toEqual([]);
    expect(scene.second.sentTransactions).toEqual([]);
    scene.first.reset();
    await replica.waitForHoldCleared('rpc_unavailable');
    await until('the transaction to be mined', async () => (await scene.chain.tokens.find('patient')) !== null);
    await scene.chain.mine(3);
    expect(await scene.summarize(replica, ['patient'])).toEqual(scene.deployOnce(['patient'], 1));
  });
});
