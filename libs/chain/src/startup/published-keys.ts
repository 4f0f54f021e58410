import { isDevelopmentChain, isPublicNetwork } from '#config';
import { StartupError } from '#core';
import { isPublishedAccount } from '#signing';

/** As in `web3_clientVersion`. Such a node may simulate a public network, with its chain id. */
const DEVELOPMENT_NODES = /^(?:anvil|hardhat|ganache|ethereumjs testrpc)/i;

/** A signer whose private key is public, and the node that does not say that it is a development node. */
interface PublishedSigner {
  readonly signer: string;
  readonly client: string;
}

/**
 * Finds a signer with a key that is published with development nodes: on a real chain, its ether is taken as soon as it
 * arrives.
 *
 * @param signers EIP-55 addresses
 * @param clientVersion reads `web3_clientVersion`
 * @returns null without one, and on a development node
 * @throws StartupError on a public network
 */
export async function findPublishedSigner(
  signers: readonly string[],
  chainId: number,
  clientVersion: () => Promise<string>,
): Promise<PublishedSigner | null> {
  const signer = signers.find((address) => isPublishedAccount(address));
  if (signer === undefined || isDevelopmentChain(chainId)) return null;
  const client = await clientVersion();
  if (DEVELOPMENT_NODES.test(client)) return null;
  if (!isPublicNetwork(chainId)) return { signer, client };
  throw new StartupError(
    `the private key of ${signer} is published with anvil and Hardhat, and CHAIN_ID ${chainId} is a public network: set DEPLOYER_PRIVATE_KEY or DEPLOYER_SIGNERS to a key of your own`,
  );
}
