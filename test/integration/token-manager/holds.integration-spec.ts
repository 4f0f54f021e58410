import { Transaction } from 'ethers';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { TokenManagerHarness } from '../../support/chain/token-manager-harness.js';
import { until } from '../../support/until.js';

const ETHER = 10n ** 18n;
const FEE = ETHER / 100n;

function numbered(first: number, count: number): string[] {
  return Array.from({ length: count }, (_, index) => String(first + index));
}

describe('The TokenManager', () => {
  let chain: TokenManagerHarness;
  beforeAll(async () => {
    chain = await TokenManagerHarness.start();
  });
  beforeEach(() => chain.deployContracts());
  afterEach(() => chain.reset());
  afterAll(() => chain.stop());

  it('is paid its fee, and no more', async () => {
    await chain.contracts.setFee(FEE);
    const replica = await chain.startReplica({ MAX_DEPLOYMENT_FEE_ETHER: '0.01' });
    await replica.submit('71');
    await until('the end', async () => (await replica.jobs.find('71'))?.state === 'deployed');
    expect(chain.proxy.sentTransactions.map((raw) => Transaction.from(raw).value)).toEqual([FEE, 0n]);
    expect(await chain.anvil.request('eth_getBalance', [chain.contracts.manager, 'latest'])).toBe(
      `0x${FEE.toString(16)}`,
    );
  });

  it('holds deployments back that cost more than may be paid, while what has begun goes on', async () => {
    const { contracts, deployer } = chain;
    await contracts.deployAs(deployer.address, '72');
    await contracts.setFee(FEE + 1n);
    const replica = await chain.startReplica({ MAX_DEPLOYMENT_FEE_ETHER: '0.01' });
    await replica.submit('73', '72');
    expect(await replica.waitForHold('fee_above_cap')).toContain('the TokenManager takes 0.010000000000000001 ether');
    await until('the other to be registered', async () => (await replica.jobs.find('72'))?.state === 'deployed');
    expect(await contracts.find('73')).toMatchObject({ deployments: 0 });
    expect((await replica.jobs.find('73'))?.state).toBe('admitted');
    await contracts.setFee(FEE);
    await until('the end', async () => (await replica.jobs.find('73'))?.state === 'deployed');
    await replica.waitForHoldCleared('fee_above_cap');
  });

  it('registers what has its token, however many deployments are held back in front of it', async () => {
    const { contracts, deployer } = chain;
    await contracts.deployAs(deployer.address, '172');
    await contracts.setFee(FEE + 1n);
    const replica = await chain.startReplica({ MAX_DEPLOYMENT_FEE_ETHER: '0.01' });
    await replica.submit(...numbered(201, 40), '172');
    await until('the last to be registered', async () => (await replica.jobs.find('172'))?.state === 'deployed');
    expect((await replica.jobs.find('201'))?.state).toBe('admitted');
  });

  it('registers what it can pay for while it cannot pay for a deployment', async () => {
    const { contracts, deployer, anvil } = chain;
    await contracts.deployAs(deployer.address, '175');
    await contracts.setFee(2n * ETHER);
    await anvil.request('anvil_setBalance', [deployer.address, `0x${ETHER.toString(16)}`]);
    const replica = await chain.startReplica({ MAX_DEPLOYMENT_FEE_ETHER: '2' });
    await replica.submit('176', '175');
    await until('the other to be registered', async () => (await replica.jobs.find('175'))?.state === 'deployed');
    expect(await replica.waitForHold('insufficient_funds')).toContain('cannot pay for a transaction');
    await anvil.request('anvil_setBalance', [deployer.address, `0x${(10n * ETHER).toString(16)}`]);
    await until('the end', async () => (await replica.jobs.find('176'))?.state === 'deployed');
  });

  it('goes on with other models while tokens cannot be recognised', async () => {
    const { contracts, deployer } = chain;
    const unreadable = numbered(301, 20);
    for (const modelId of unreadable) await contracts.deployAs(deployer.address, modelId);
    const replica = await chain.startReplica({ TOKEN_MANAGER_DEPLOYED_AT_BLOCK: '1000000' });
    await replica.submit(...unreadable, '300');
    await until('the other', async () => (await replica.jobs.find('300'))?.state === 'deployed');
    expect((await replica.jobs.find('301'))?.state).toBe('admitted');
  });

  it('takes a raised fee for no fault of the job: the deployment is tried again', async () => {
    const replica = await chain.startReplica({ MAX_DEPLOYMENT_FEE_ETHER: '0.01' });
    await chain.setAutomine(false);
    await replica.submit('74');
    await chain.waitForMempool(1);
    // The fee is the first thing that the manager stores.
    await chain.anvil.request('anvil_setStorageAt', [
      chain.contracts.manager,
      '0x0',
      `0x${FEE.toString(16).padStart(64, '0')}`,
    ]);
    await chain.mine(1);
    await chain.setAutomine(true);
    await until('the last result', () => replica.results.results.some(({ kind }) => kind === 'deployed'));
    expect(replica.results.results.map(({ kind }) => kind)).toEqual(['returned', 'advanced', 'deployed']);
    expect((await replica.jobs.find('74'))?.state).toBe('deployed');
  });
});
