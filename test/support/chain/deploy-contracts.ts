import { Wallet } from 'ethers';
import { deployFactory } from '#contracts';
import { signerCreator } from './test-signer.js';
import type { EvmNode } from './evm-node.js';

/**
 * Deploys the factory, as `contracts:deploy` does it, without a process of its own for it.
 *
 * @param privateKeys separated by commas; the first account becomes the admin, and all of them may deploy
 * @returns the factory's address
 */
export async function deployContracts({ request }: Pick<EvmNode, 'request'>, privateKeys: string): Promise<string> {
  const [admin, ...others] = privateKeys.split(',').map((key) => new Wallet(key)) as [Wallet, ...Wallet[]];
  const { factoryAddress } = await deployFactory({
    request,
    createSigner: signerCreator(admin.privateKey, Number(await request('eth_chainId'))),
    admin: admin.address,
    grants: [admin, ...others].map(({ address }) => ({ role: 'DEPLOYER_ROLE', account: address })),
  });
  return factoryAddress;
}
