import {
  deployFactory,
  expectedFactoryCode,
  expectedImplementationCode,
  implementationAddress,
  predictFactoryAddress,
  verifyFactoryCode,
} from '#contracts';
import { Wallet } from 'ethers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ANVIL_ACCOUNTS, Anvil } from '../../support/chain/anvil.js';

const [admin, deployer, stranger] = ANVIL_ACCOUNTS;
const signer = new Wallet(admin.privateKey);

describe('deployFactory', () => {
  let anvil: Anvil;

  // Without the deterministic-deployment proxy, which anvil otherwise has from the start.
  beforeAll(async () => {
    anvil = await Anvil.start(['--disable-default-create2-deployer']);
  });

  afterAll(() => anvil.stop());

  const codeOf = async (address: string): Promise<unknown> => await anvil.request('eth_getCode', [address, 'latest']);
  const blocks = async (): Promise<number> => Number(await anvil.request('eth_blockNumber'));
  const grants = [{ role: 'DEPLOYER_ROLE', account: deployer.address }] as const;

  it('brings a chain that has nothing to the factory, and then has nothing to do', async () => {
    const { request } = anvil;
    const first = await deployFactory({ request, signer, admin: admin.address, grants });
    expect(first.factoryAddress).toBe(predictFactoryAddress(admin.address));
    expect(first.actions.map((action) => action.split(' ')[0])).toEqual(['funded', 'created', 'deployed', 'granted']);
    expect(first.missingGrants).toEqual([]);
    const height = await blocks();
    const second = await deployFactory({ request, signer, admin: admin.address, grants });
    expect(second).toEqual({ ...first, actions: [] });
    expect(await blocks()).toBe(height);
  });

  it('leaves exactly the expected code', async () => {
    const factory = predictFactoryAddress(admin.address);
    await deployFactory({ request: anvil.request, signer, admin: admin.address });
    expect(await codeOf(factory)).toBe(expectedFactoryCode(factory));
    expect(await codeOf(implementationAddress(factory))).toBe(expectedImplementationCode(factory));
  });

  it('grants what was missing the first time', async () => {
    const minter = { role: 'MINTER_ROLE', account: stranger.address } as const;
    const again = { request: anvil.request, signer, admin: admin.address, grants: [...grants, minter] };
    expect((await deployFactory(again)).actions).toContain(`granted MINTER_ROLE to ${stranger.address}`);
    expect((await deployFactory(again)).actions).toEqual([]);
  });

  it('names the grants that only another admin can make', async () => {
    const factory = await deployFactory({ request: anvil.request, signer, admin: stranger.address, grants });
    expect(factory.factoryAddress).not.toBe(predictFactoryAddress(admin.address));
    expect(factory.actions).toHaveLength(1);
    expect(factory.missingGrants).toEqual(grants);
  });

  it('refuses other code, in the factory and in the implementation', async () => {
    const { request } = anvil;
    const factory = predictFactoryAddress(deployer.address);
    await deployFactory({ request, signer, admin: deployer.address });
    await expect(verifyFactoryCode(request, factory)).resolves.toBeUndefined();
    for (const address of [implementationAddress(factory), factory]) {
      await anvil.request('anvil_setCode', [address, '0x00']);
      await expect(deployFactory({ request, signer, admin: deployer.address })).rejects.toThrow(
        `the code at ${address} differs from this version's contracts`,
      );
    }
  });

  it('says what an account without funds needs', async () => {
    const poor = Wallet.createRandom();
    const broke = deployFactory({ request: anvil.request, signer: new Wallet(poor.privateKey), admin: poor.address });
    await expect(broke).rejects.toThrow(/^the account 0x\w{40} has 0.0 ether; it needs up to 0\.\d+$/);
  });
});
