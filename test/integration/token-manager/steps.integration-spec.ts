import { Transaction } from 'ethers';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { FIRST_MODEL, TokenManagerHarness } from '../../support/chain/token-manager-harness.js';
import { until } from '../../support/until.js';

/** As many model ids, from the first on. */
function models(from: number, count: number): string[] {
  return Array.from({ length: count }, (_, index) => String(from + index));
}

describe('The two steps of a deployment', () => {
  let chain: TokenManagerHarness;
  beforeAll(async () => {
    chain = await TokenManagerHarness.start();
  });
  beforeEach(() => chain.deployContracts());
  afterEach(() => chain.reset());
  afterAll(() => chain.stop());

  it('go on side by side: models are registered while others are being deployed', async () => {
    const replica = await chain.startReplica({ CONFIRMATIONS: '2' });
    await chain.deployFirst(replica);
    await chain.setAutomine(false);
    await replica.submit(...models(100, 4));
    await chain.waitForMempool(4);
    await chain.mine(2);
    await chain.waitForMempool(4);
    await replica.submit(...models(200, 4));
    await chain.waitForMempool(8);
    await chain.mine(1);
    expect((await chain.contracts.find('100')).registrations).toBe(1);
    expect((await chain.contracts.find('200')).deployments).toBe(1);
    for (const model of [...models(100, 4), ...models(200, 4)]) {
      await until(`the end of ${model}`, async () => {
        await chain.mine(1);
        return (await replica.jobs.find(model))?.state === 'deployed';
      });
      expect(await chain.contracts.find(model)).toMatchObject({ deployments: 1, registrations: 1 });
    }
    expect((await replica.eventModelIds()).toSorted()).toEqual([FIRST_MODEL, ...models(100, 4), ...models(200, 4)]);
  });

  it('make a token that does not vest when VESTING_ENABLED is false', async () => {
    const replica = await chain.startReplica({
      VESTING_ENABLED: 'false',
      VESTING_IMMEDIATE_UNLOCK_BPS: '0',
      VESTING_DURATION: '0',
      VESTING_CLIFF: '0',
    });
    await replica.submit('150');
    await replica.waitForResult('150');
    const { address } = await chain.contracts.find('150');
    expect(await chain.contracts.vestingOf(address ?? '')).toEqual([false, 10_000n, 0n, 0n]);
  });

  it('fill a lane with as many deployments as it may have, and with as many registrations besides', async () => {
    const replica = await chain.startReplica({ MAX_IN_FLIGHT: '3' });
    await chain.deployFirst(replica);
    await chain.setAutomine(false);
    await replica.submit(...models(300, 8));
    await chain.waitForMempool(3);
    expect(await replica.slots()).toHaveLength(3);
    await chain.mine(1);
    await chain.waitForMempool(6);
    const sent = chain.proxy.sentTransactions.map((raw) => Transaction.from(raw).to);
    expect(new Set(sent).size).toBe(2);
    expect(sent.filter((to) => to === chain.contracts.registry)).toHaveLength(3);
    const kinds = await Promise.all(
      models(300, 8).map(async (model) => (await chain.contracts.find(model)).deployments),
    );
    expect(kinds.reduce((sum, deployments) => sum + deployments, 0)).toBe(3);
    await chain.setAutomine(true);
    await chain.mine();
    for (const model of models(300, 8)) {
      await until(`the end of ${model}`, async () => (await replica.jobs.find(model))?.state === 'deployed');
    }
  });

  it('share a lane: what more deployments than fit into a block would only delay is left to registrations', async () => {
    await chain.setBlockGasLimit(9_000_000);
    const replica = await chain.startReplica({ MAX_IN_FLIGHT: '6' });
    await chain.deployFirst(replica);
    await chain.setAutomine(false);
    await replica.submit(...models(320, 8));
    await chain.waitForMempool(3);
    const looks = chain.proxy.count('eth_getBlockByNumber');
    await until('many looks at the head', () => chain.proxy.count('eth_getBlockByNumber') > looks + 40);
    expect(await replica.slots()).toHaveLength(3);
    // Two deployments fill a block.
    await chain.mine(1);
    await chain.waitForMempool(5);
    const sent = chain.proxy.sentTransactions.map((raw) => Transaction.from(raw).to);
    expect(sent.filter((to) => to === chain.contracts.registry)).toHaveLength(2);
    for (const model of models(320, 8)) {
      await until(`the end of ${model}`, async () => {
        await chain.mine(1);
        return (await replica.jobs.find(model))?.state === 'deployed';
      });
    }
  });

  it('are each done once by two lives of a service: the second goes on with the registration', async () => {
    const first = await chain.startReplica({ CONFIRMATIONS: '2' });
    await chain.setAutomine(false);
    await first.submit('41');
    await chain.waitForMempool(1);
    await first.stop();
    await chain.mine(2);
    const second = await chain.startReplica({ CONFIRMATIONS: '2', INVESTOR_ALLOCATION: '1' });
    await chain.waitForMempool(1);
    await chain.mine(2);
    expect(
      await until('the token', () => second.results.results.find(({ kind }) => kind === 'deployed')),
    ).toMatchObject({
      job: { request: { record: { modelId: '41' } } },
    });
    expect(await chain.contracts.find('41')).toMatchObject({ deployments: 1, registrations: 1 });
    expect((await second.jobs.find('41'))?.attempts).toHaveLength(2);
    expect(second.results.results.map(({ kind }) => kind)).toEqual(['advanced', 'deployed']);
  });

  it('begin again with the first when a reorganisation takes the token back before it is final', async () => {
    const replica = await chain.startReplica({ CONFIRMATIONS: '3' });
    await chain.setAutomine(false);
    await replica.submit('42');
    await chain.waitForMempool(1);
    await chain.mine(2);
    await chain.anvil.request('anvil_reorg', [2, []]);
    await chain.mine(1);
    await until(
      'the token anew',
      async () => (await chain.contracts.find('42')).address !== null || (await chain.mine(1), false),
    );
    await chain.setAutomine(true);
    await until('the end', async () => {
      await chain.mine(1);
      return (await replica.jobs.find('42'))?.state === 'deployed';
    });
    const { address, registered } = await chain.contracts.find('42');
    expect(registered).toBe(address);
  });

  it('end as a conflict when a foreign account takes the model while the transaction is pending', async () => {
    const replica = await chain.startReplica();
    await chain.setAutomine(false);
    await replica.submit('43');
    await chain.waitForMempool(1);
    const dear = { maxFeePerGas: '0x174876e800', maxPriorityFeePerGas: '0x12a05f2000' };
    await chain.contracts.send(
      chain.otherAccount.address,
      chain.contracts.manager,
      chain.contracts.deployment('43'),
      dear,
    );
    await chain.mine(1);
    await chain.setAutomine(true);
    await chain.mine(1);
    const finding = await until('the conflict', () => replica.results.results.find(({ kind }) => kind === 'failed'));
    expect(finding).toMatchObject({ reason: 'conflict' });
    expect(replica.results.results[0]).toMatchObject({ kind: 'returned' });
    expect(await chain.contracts.find('43')).toMatchObject({ deployments: 1, registrations: 0 });
  });

  it.each([
    ['with the words of the contract', 'Deployments are over', ': Deployments are over'],
    ['without words, when the contract has none,', null, ''],
  ])('end %s when a mined deployment is refused', async (_, words, says) => {
    const replica = await chain.startReplica();
    await chain.setAutomine(false);
    await replica.submit('44');
    await chain.waitForMempool(1);
    await chain.contracts.revertAllCalls(words);
    await chain.mine(1);
    await chain.setAutomine(true);
    const verdict = await replica.waitForResult('44');
    const hash = (await replica.jobs.find('44'))?.attempts[0]?.hash;
    const block = Number(await chain.anvil.request('eth_blockNumber'));
    expect(verdict).toEqual({
      kind: 'failed',
      modelId: '44',
      reason: 'deployment_reverted',
      error: `transaction ${hash} reverted in block ${block}${says}`,
    });
  });
});
