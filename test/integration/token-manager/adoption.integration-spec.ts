import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { TokenManagerHarness } from '../../support/chain/token-manager-harness.js';
import { until } from '../../support/until.js';

describe('A token that the TokenManager has made before', () => {
  let chain: TokenManagerHarness;
  beforeAll(async () => {
    chain = await TokenManagerHarness.start();
  });
  beforeEach(() => chain.deployContracts());
  afterEach(() => chain.reset());
  afterAll(() => chain.stop());

  it('is registered, when one of our accounts made it with the same parameters', async () => {
    const address = await chain.contracts.deployAs(chain.deployer.address, '31');
    const replica = await chain.startReplica();
    await replica.submit('31');
    expect(await replica.waitForResult('31')).toMatchObject({ kind: 'deployed', token: { tokenAddress: address } });
    expect(await chain.contracts.find('31')).toMatchObject({ registered: address, deployments: 1, registrations: 1 });
    expect(chain.proxy.sentTransactions).toHaveLength(1);
  });

  it('is adopted with both of its transactions, when it is registered, too', async () => {
    const { contracts, deployer } = chain;
    const address = await contracts.deployAs(deployer.address, '32');
    await contracts.registerAs(deployer.address, '32', address);
    const replica = await chain.startReplica();
    await replica.submit('32');
    const finding = await replica.waitForResult('32');
    expect(finding).toMatchObject({
      kind: 'adopted',
      token: { tokenAddress: address, deployerAddress: deployer.address },
    });
    const token = 'token' in finding ? finding.token : null;
    expect(token?.registryTransactionHash).toMatch(/^0x/);
    expect(token?.registryTransactionHash).not.toBe(token?.transactionHash);
    expect(chain.proxy.sentTransactions).toEqual([]);
  });

  it('is taken from an account that was used before', async () => {
    const { contracts, otherAccount } = chain;
    const address = await contracts.deployAs(otherAccount.address, '33');
    const replica = await chain.startReplica({ FORMER_DEPLOYERS: otherAccount.address.toLowerCase() });
    await replica.submit('33');
    expect(await replica.waitForResult('33')).toMatchObject({
      kind: 'deployed',
      token: { deployerAddress: otherAccount.address },
    });
    expect(await contracts.find('33')).toMatchObject({ registered: address, deployments: 1 });
  });

  it('is a conflict when a foreign account created it', async () => {
    await chain.contracts.deployAs(chain.otherAccount.address, '34');
    const replica = await chain.startReplica();
    await replica.submit('34');
    expect(await replica.waitForResult('34')).toMatchObject({
      kind: 'failed',
      reason: 'conflict',
      error: expect.stringContaining(`deployed by ${chain.otherAccount.address}`) as string,
    });
    expect(chain.proxy.sentTransactions).toEqual([]);
  });

  it('is a conflict when a foreign account created it, even when it is registered', async () => {
    const { contracts, otherAccount, deployer } = chain;
    const address = await contracts.deployAs(otherAccount.address, '35');
    await contracts.registerAs(deployer.address, '35', address);
    const replica = await chain.startReplica();
    await replica.submit('35');
    expect(await replica.waitForResult('35')).toMatchObject({ kind: 'failed', reason: 'conflict' });
  });

  it.each([
    ['another symbol', { symbol: 'OTHER' }],
    ['another allocation', { investorAllocation: 1n }],
    ['another recipient', { modelSupplierRecipient: '0x0000000000000000000000000000000000001009' }],
    ['another governor', { governor: '0x0000000000000000000000000000000000001009' }],
    ['another licence', { licenseURI: 'https://example.com/other' }],
    [
      'other vesting',
      { vesting: { enabled: false, immediateUnlockBps: 0, vestingDurationSeconds: 0, cliffSeconds: 0 } },
    ],
  ])('is a conflict, when our account made it with %s', async (_, changes) => {
    await chain.contracts.deployAs(chain.deployer.address, '36', changes);
    const replica = await chain.startReplica();
    await replica.submit('36');
    expect(await replica.waitForResult('36')).toMatchObject({ kind: 'failed', reason: 'conflict' });
    expect(chain.proxy.sentTransactions).toEqual([]);
  });

  it('is a conflict, when the registry lists another token, with or without one of the manager', async () => {
    const { contracts, deployer } = chain;
    const other = await contracts.deployAs(deployer.address, '371');
    await contracts.registerAs(deployer.address, '37', other);
    const another = await contracts.deployAs(deployer.address, '372');
    await contracts.deployAs(deployer.address, '38');
    await contracts.registerAs(deployer.address, '38', another);
    const replica = await chain.startReplica();
    await replica.submit('37', '38');
    for (const model of ['37', '38']) {
      expect(await replica.waitForResult(model)).toMatchObject({ kind: 'failed', reason: 'conflict' });
    }
    expect(chain.proxy.sentTransactions).toEqual([]);
  });

  it('is a conflict, when the registry lists it under another model', async () => {
    const { contracts, deployer } = chain;
    const address = await contracts.deployAs(deployer.address, '39');
    await contracts.registerAs(deployer.address, '390', address);
    const replica = await chain.startReplica();
    await replica.submit('39');
    expect(await replica.waitForResult('39')).toMatchObject({
      kind: 'failed',
      reason: 'conflict',
      error: expect.stringContaining('is registered under model 390') as string,
    });
  });

  it('is waited for until it is final, and then registered', async () => {
    const { contracts, deployer } = chain;
    const replica = await chain.startReplica({ CONFIRMATIONS: '3' });
    const address = await contracts.deployAs(deployer.address, '40');
    await replica.submit('40');
    await until('the replica to have looked', () => chain.proxy.count('eth_call') > 10);
    expect(chain.proxy.sentTransactions).toEqual([]);
    await chain.mine(2);
    await until('the registration', async () => (await contracts.find('40')).registered === address);
    await chain.mine(3);
    expect(await replica.waitForResult('40')).toMatchObject({ kind: 'deployed', token: { tokenAddress: address } });
  });
});
