import { Transaction } from 'ethers';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ManagedHarness } from '../../support/managed-harness.js';
import { until } from '../../support/until.js';

/** As many model ids, from the first on. */
function models(from: number, count: number): string[] {
  return Array.from({ length: count }, (_, index) => String(from + index));
}

describe('Several accounts, of which one owns the registry', () => {
  let chain: ManagedHarness;
  let env: { readonly DEPLOYER_PRIVATE_KEY: string };
  beforeAll(async () => {
    chain = await ManagedHarness.start();
    env = { DEPLOYER_PRIVATE_KEY: `${chain.second.privateKey},${chain.deployer.privateKey}` };
  });
  beforeEach(() => chain.begin());
  afterEach(() => chain.reset());
  afterAll(() => chain.stop());

  const bySender = () => {
    const sent = [...new Set(chain.proxy.sent)].map((raw) => Transaction.from(raw));
    const of = (to: string, from: string) => sent.filter((each) => each.to === to && each.from === from).length;
    const { contracts, deployer, second } = chain;
    return {
      deploys: [of(contracts.manager, deployer.address), of(contracts.manager, second.address)],
      registers: [of(contracts.registry, deployer.address), of(contracts.registry, second.address)],
    };
  };

  it('deploy through all of them, and register through the owner alone', async () => {
    const replica = await chain.started({ ...env, MAX_IN_FLIGHT: '2' });
    await until('both lanes', () => chain.log.filter((line) => line.includes('lane acquired')).length === 2);
    await replica.submit(...models(600, 8));
    for (const model of models(600, 8)) {
      // With instant mining anvil can leave transactions of a burst lying until the next block.
      await until(`the end of ${model}`, async () => {
        await chain.mine(1);
        return (await replica.jobs.find(model))?.state === 'deployed';
      });
      expect(await chain.contracts.find(model)).toMatchObject({ deployments: 1, registrations: 1 });
    }
    const { deploys, registers } = bySender();
    expect(deploys.reduce((sum, count) => sum + count, 0)).toBe(8);
    expect(Math.min(...deploys)).toBeGreaterThan(0);
    expect(registers).toEqual([8, 0]);
  });

  it('keep a registration for the owner while that lane is full, and ask nothing meanwhile', async () => {
    const replica = await chain.started({ ...env, MAX_IN_FLIGHT: '1', CONFIRMATIONS: '1' });
    await until('both lanes', () => chain.log.filter((line) => line.includes('lane acquired')).length === 2);
    await chain.mining(false);
    await replica.submit(...models(61, 4));
    await chain.pooled(2);
    await chain.mine(1);
    await chain.pooled(2);
    const asked = chain.proxy.count('eth_estimateGas');
    const looks = chain.proxy.count('eth_getBlockByNumber');
    await until('many looks at the head', () => chain.proxy.count('eth_getBlockByNumber') > looks + 40);
    expect(chain.proxy.count('eth_estimateGas') - asked).toBe(0);
    for (const model of models(61, 4)) {
      await until(`the end of ${model}`, async () => {
        await chain.mine(1);
        return (await replica.jobs.find(model))?.state === 'deployed';
      });
    }
    expect(bySender().registers).toEqual([4, 0]);
  });

  it('go together from one replica to the other, and deploy nothing twice', async () => {
    const settings = { ...env, LANE_LEASE: '1.5' };
    const first = await chain.started(settings);
    await until('both lanes', () => chain.log.filter((line) => line.includes('lane acquired')).length === 2);
    const second = await chain.started(settings);
    await second.held('no_lane');
    await chain.mining(false);
    await first.submit(...models(700, 4));
    await chain.pooled(4);
    await chain.mine(1);
    await first.stop();
    await until('both lanes there', () => chain.log.filter((line) => line.includes('lane acquired')).length === 4);
    for (const model of models(700, 4)) {
      await until(`the end of ${model}`, async () => {
        await chain.mine(1);
        return (await second.jobs.find(model))?.state === 'deployed';
      });
      expect(await chain.contracts.find(model)).toMatchObject({ deployments: 1, registrations: 1 });
    }
    expect((await second.events()).toSorted()).toEqual(models(700, 4));
  });

  const acquired = (): number => chain.log.filter((line) => line.includes('lane acquired')).length;

  it('are all left to the replica that has the owner', async () => {
    const holder = await chain.replica(env);
    const lease = await holder.lane();
    const replica = await chain.started({ ...env, LANE_LEASE: '0.6' });
    await replica.held('no_lane');
    const looks = chain.proxy.count('eth_getBlockByNumber');
    await until('many looks at the head', () => chain.proxy.count('eth_getBlockByNumber') > looks + 40);
    expect(acquired()).toBe(0);
    await holder.journal.release(lease);
    await until('both lanes', () => acquired() === 2);
  });

  it('are given up together when the owner goes to another replica', async () => {
    const replica = await chain.started({ ...env, LANE_LEASE: '0.6' });
    await until('both lanes', () => acquired() === 2);
    const expiresAt = String(Date.now() + 600_000);
    await replica.redis.hset(replica.laneKey, { owner: 'another replica', epoch: '99', expiresAt });
    await until('the others given up', () => chain.log.some((line) => line.includes('lane given up')));
    await replica.held('no_lane');
    await replica.submit('64');
    await until('the job given back', () => replica.outcomes.released.length > 0);
    expect(replica.outcomes.released).toEqual(['64']);
  });
});
