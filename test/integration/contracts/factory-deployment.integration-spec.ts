import {
  deployFactory,
  expectedFactoryCode,
  expectedImplementationCode,
  implementationAddress,
  predictFactoryAddress,
  verifyFactoryCode,
} from '#contracts';
import { Transaction, Wallet } from 'ethers';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { signerCreator } from '../../support/chain/test-signer.js';
import { ANVIL_ACCOUNTS, Anvil } from '../../support/chain/anvil.js';

const [admin, deployer, stranger] = ANVIL_ACCOUNTS;
const createSigner = signerCreator(admin.privateKey);

type Request = Anvil['request'];

/** geth's default: it takes no transaction over RPC that is not bound to a chain. */
function refusingUnprotected(request: Request): Request {
  return async (method, params) => {
    const [raw] = params ?? [];
    if (method === 'eth_sendRawTransaction' && Transaction.from(String(raw)).chainId === 0n)
      throw new Error('only replay-protected (EIP-155) transactions allowed over RPC');
    return await request(method, params);
  };
}

async function start(...args: readonly string[]): Promise<Anvil> {
  const node = await Anvil.start(['--disable-default-create2-deployer', ...args]);
  onTestFinished(async () => await node.stop());
  return node;
}

async function balance({ request }: Anvil): Promise<unknown> {
  return await request('eth_getBalance', [admin.address, 'latest']);
}

describe('deployFactory on a chain that it cannot use as it is', () => {
  it('names the EIPs that the chain lacks, and pays for nothing', async () => {
    const shanghai = await start('--hardfork', 'shanghai');
    const before = await balance(shanghai);
    await expect(deployFactory({ request: shanghai.request, createSigner, admin: admin.address })).rejects.toThrow(
      'the chain lacks EIP-1153 (transient storage) and EIP-5656 (MCOPY), which the contracts use',
    );
    expect(await balance(shanghai)).toBe(before);
  });

  it('names the flag of a node that refuses the transaction of the proxy, and pays for nothing', async () => {
    const node = await start();
    const before = await balance(node);
    await expect(
      deployFactory({ request: refusingUnprotected(node.request), createSigner, admin: admin.address }),
    ).rejects.toThrow('Start the node with --rpc.allow-unprotected-txs, or run the command with --without-proxy');
    expect(await balance(node)).toBe(before);
  });

  it('deploys without the proxy, once', async () => {
    const { request } = await start();
    const grants = [{ role: 'DEPLOYER_ROLE', account: deployer.address }] as const;
    const options = { request: refusingUnprotected(request), createSigner, admin: admin.address, grants };
    const first = await deployFactory({ ...options, withoutProxy: { factoryAddress: null } });
    expect(first.actions.map((action) => action.split(' ')[0])).toEqual(['created', 'granted']);
    expect(first.factoryAddress).not.toBe(predictFactoryAddress(admin.address));
    await expect(verifyFactoryCode(request, first.factoryAddress)).resolves.toBeUndefined();
    const again = await deployFactory({ ...options, withoutProxy: { factoryAddress: first.factoryAddress } });
    expect(again).toEqual({ ...first, actions: [] });
  });
});

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
    const first = await deployFactory({ request, createSigner, admin: admin.address, grants });
    expect(first.factoryAddress).toBe(predictFactoryAddress(admin.address));
    expect(first.actions.map((action) => action.split(' ')[0])).toEqual(['funded', 'created', 'deployed', 'granted']);
    expect(first.missingGrants).toEqual([]);
    const height = await blocks();
    const second = await deployFactory({ request, createSigner, admin: admin.address, grants });
    expect(second).toEqual({ ...first, actions: [] });
    expect(await blocks()).toBe(height);
  });

  it('leaves exactly the expected code', async () => {
    const factory = predictFactoryAddress(admin.address);
    await deployFactory({ request: anvil.request, createSigner, admin: admin.address });
    expect(await codeOf(factory)).toBe(expectedFactoryCode(factory));
    expect(await codeOf(implementationAddress(factory))).toBe(expectedImplementationCode(factory));
  });

  it('grants what was missing the first time', async () => {
    const minter = { role: 'MINTER_ROLE', account: stranger.address } as const;
    const again = { request: anvil.request, createSigner, admin: admin.address, grants: [...grants, minter] };
    expect((await deployFactory(again)).actions).toContain(`granted MINTER_ROLE to ${stranger.address}`);
    expect((await deployFactory(again)).actions).toEqual([]);
  });

  it('names the grants that only another admin can make', async () => {
    const factory = await deployFactory({ request: anvil.request, createSigner, admin: stranger.address, grants });
    expect(factory.factoryAddress).not.toBe(predictFactoryAddress(admin.address));
    expect(factory.actions).toHaveLength(1);
    expect(factory.missingGrants).toEqual(grants);
  });

  it('refuses other code, in the factory and in the implementation', async () => {
    const { request } = anvil;
    const factory = predictFactoryAddress(deployer.address);
    await deployFactory({ request, createSigner, admin: deployer.address });
    await expect(verifyFactoryCode(request, factory)).resolves.toBeUndefined();
    for (const address of [implementationAddress(factory), factory]) {
      await anvil.request('anvil_setCode', [address, '0x00']);
      await expect(deployFactory({ request, createSigner, admin: deployer.address })).rejects.toThrow(
        `the code at ${address} differs from this version's contracts`,
      );
    }
  });

  it('says what an account without funds needs', async () => {
    const poor = Wallet.createRandom();
    const broke = deployFactory({
      request: anvil.request,
      createSigner: signerCreator(poor.privateKey),
      admin: poor.address,
    });
    await expect(broke).rejects.toThrow(/^0x\w{40} holds 0.0 ether and needs 0\.\d+$/);
  });
});
