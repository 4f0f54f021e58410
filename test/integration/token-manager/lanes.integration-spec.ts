import { Transaction } from 'ethers';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Environment } from '#config';
import type { ChainReplica } from '../../support/chain/chain-replica.js';
import { FIRST_MODEL, TokenManagerHarness } from '../../support/chain/token-manager-harness.js';
import { until } from '../../support/until.js';

/** As many model ids, from the first on. */
function models(from: number, count: number): string[] {
  return Array.from({ length: count }, (_, index) => String(from + index));
}

describe('Several accounts, of which one owns the registry', () => {
  let chain: TokenManagerHarness;
  let env: { readonly DEPLOYER_PRIVATE_KEY: string };
  beforeAll(async () => {
    chain = await TokenManagerHarness.start();
    env = { DEPLOYER_PRIVATE_KEY: `${chain.otherAccount.privateKey},${chain.deployer.privateKey}` };
  });
  beforeEach(() => chain.deployContracts());
  afterEach(() => chain.reset());
  afterAll(() => chain.stop());

  const bySender = () => {
    const sent = [...new Set(chain.proxy.sentTransactions)].map((raw) => Transaction.from(raw));
    const of = (to: string, from: string) => sent.filter((each) => each.to === to && each.from === from).length;
    const { contracts, deployer, otherAccount } = chain;
    return {
      deploys: [of(contracts.manager, deployer.address), of(contracts.manager, otherAccount.address)] as const,
      registers: [of(contracts.registry, deployer.address), of(contracts.registry, otherAccount.address)] as const,
    };
  };

  const acquired = (): number => chain.log.filter((line) => line.includes('lane.acquired')).length;

  /** Mines until the models are through. */
  const finished = async (replica: ChainReplica, ...wanted: readonly string[]): Promise<void> => {
    for (const model of wanted) {
      // With instant mining anvil can leave transactions of a burst lying until the next block.
      await until(`the end of ${model}`, async () => {
        await chain.mine(1);
        return (await replica.jobs.find(model))?.state === 'deployed';
      });
      expect(await chain.contracts.find(model)).toMatchObject({ deployments: 1, registrations: 1 });
    }
  };

  /** A replica whose lanes have all begun to work. */
  const working = async (settings: Environment): Promise<ChainReplica> => {
    const replica = await chain.startReplica({ ...env, ...settings });
    await until('both lanes', () => acquired() === 2);
    await replica.submit('599');
    await finished(replica, '599');
    chain.proxy.calls.length = 0;
    return replica;
  };

  it('deploy through the others, and register through the owner alone', async () => {
    const replica = await working({ MAX_IN_FLIGHT: '2' });
    await replica.submit(...models(600, 8));
    await finished(replica, ...models(600, 8));
    expect(bySender()).toEqual({ deploys: [0, 8], registers: [8, 0] });
  });

  it('deploy through the owner, too, while the others cannot pay', async () => {
    const { anvil, otherAccount } = chain;
    const replica = await working({ MAX_IN_FLIGHT: '2' });
    const balance = await anvil.request('eth_getBalance', [otherAccount.address, 'latest']);
    await anvil.request('anvil_setBalance', [otherAccount.address, '0x0']);
    await replica.submit(...models(610, 4));
    await finished(replica, ...models(610, 4));
    expect(bySender()).toEqual({ deploys: [4, 0], registers: [4, 0] });
    await anvil.request('anvil_setBalance', [otherAccount.address, balance]);
    await chain.setAutomine(false);
    await replica.submit(...models(620, 4));
    await chain.waitForMempool(4);
    await finished(replica, ...models(620, 4));
    expect(bySender()).toEqual({ deploys: [6, 2], registers: [8, 0] });
  });

  it('keep a registration for the owner while that lane is full, and ask nothing meanwhile', async () => {
    const keys = [chain.otherAccount, chain.deployer, chain.admin].map(({ privateKey }) => privateKey).join(',');
    const replica = await chain.startReplica({ DEPLOYER_PRIVATE_KEY: keys, MAX_IN_FLIGHT: '1', CONFIRMATIONS: '1' });
    await until('the lanes', () => acquired() === 3);
    await replica.submit('60');
    await finished(replica, '60');
    await chain.setAutomine(false);
    await replica.submit(...models(61, 4));
    await chain.waitForMempool(2);
    await chain.mine(1);
    await chain.waitForMempool(3);
    const asked = chain.proxy.count('eth_estimateGas');
    const looks = chain.proxy.count('eth_getBlockByNumber');
    await until('many looks at the head', () => chain.proxy.count('eth_getBlockByNumber') > looks + 40);
    expect(chain.proxy.count('eth_estimateGas') - asked).toBe(0);
    await finished(replica, ...models(61, 4));
    expect(bySender().registers).toEqual([5, 0]);
  });

  it('go together from one replica to the other, and deploy nothing twice', async () => {
    const first = await chain.startReplica(env);
    await until('both lanes', () => acquired() === 2);
    const second = await chain.startReplica(env);
    await second.waitForStandby();
    await chain.deployFirst(first);
    await chain.setAutomine(false);
    await first.submit(...models(700, 4));
    await chain.waitForMempool(4);
    await chain.mine(1);
    await first.stop();
    await until('both lanes there', () => acquired() === 4);
    await finished(second, ...models(700, 4));
    expect((await second.eventModelIds()).toSorted()).toEqual([FIRST_MODEL, ...models(700, 4)]);
  });

  it('are all left to the replica that has the owner', async () => {
    const holder = await chain.createReplica(env);
    const lease = await holder.acquireLane();
    const replica = await chain.startReplica({ ...env, LANE_LEASE: '0.6' });
    await replica.waitForHold('no_lane');
    const looks = chain.proxy.count('eth_getBlockByNumber');
    await until('many looks at the head', () => chain.proxy.count('eth_getBlockByNumber') > looks + 40);
    expect(acquired()).toBe(0);
    await holder.journal.release(lease);
    await until('both lanes', () => acquired() === 2);
  });

  it('are given up together when the owner goes to another replica', async () => {
    const replica = await chain.startReplica({ ...env, LANE_LEASE: '0.6' });
    await until('both lanes', () => acquired() === 2);
    const expiresAt = String(Date.now() + 600_000);
    await replica.redis.hset(replica.laneKey, { owner: 'another replica', epoch: '99', expiresAt, leaseMs: '600000' });
    await until('the others given up', () => chain.log.some((line) => line.includes('lane.released')));
    await replica.waitForHold('no_lane');
    await replica.submit('64');
    await until('the job given back', () => replica.results.released.length > 0);
    expect(replica.results.released).toEqual(['64']);
  });
});
