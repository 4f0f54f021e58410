import { Injectable, Logger } from '@nestjs/common';
import { StartupError, TokenBackend } from '#core';
import { ChainConfig, isDevelopmentChain, isPublicNetwork } from '#config';
import { isPublishedAccount } from '#signing';
import type { LaneSigner } from '../lanes/transactions/lane-signer.js';
import { ChainReader } from '../rpc/chain-reader.js';

/** As in `web3_clientVersion`. Such a node may simulate a public network, with its chain id. */
const DEVELOPMENT_NODES = /^(?:anvil|hardhat|ganache|ethereumjs testrpc)/i;

/** Verifies chain id, signer accounts and contracts before the first transaction is signed. */
@Injectable()
export class StartupChecks {
  private readonly logger = new Logger(StartupChecks.name);

  constructor(
    private readonly reader: ChainReader,
    private readonly backend: TokenBackend,
    private readonly config: ChainConfig,
  ) {}

  /** @throws StartupError when a check fails; RpcUnavailableError */
  async run(signers: readonly LaneSigner[]): Promise<void> {
    await this.requireChain(this.config.chainId);
    const addresses = signers.map((signer) => signer.address);
    const repeated = addresses.find((address, index) => addresses.indexOf(address) !== index);
    if (repeated) throw new StartupError(`DEPLOYER_PRIVATE_KEY names the signer ${repeated} twice`);
    await this.requireSecretKeys(addresses);
    for (const address of addresses) {
      // EIP-7702: nodes accept one pending transaction only from an account that delegates to code.
      if ((await this.reader.code(address)) !== '0x')
        throw new StartupError(`the signer ${address} has code; DEPLOYER_PRIVATE_KEY must be of a plain account`);
    }
    await this.backend.checkAtStartup(addresses);
    const chain_id = this.config.chainId;
    this.logger.log({ event: 'startup.chain_checked', message: 'chain checked', chain_id, signers: addresses });
  }

  /** The keys of development accounts are public: on a real chain, their ether is taken as soon as it arrives. */
  private async requireSecretKeys(addresses: readonly string[]): Promise<void> {
    const { chainId } = this.config;
    const published = addresses.find((address) => isPublishedAccount(address));
    if (published === undefined || isDevelopmentChain(chainId)) return;
    const client = await this.reader.clientVersion();
    if (DEVELOPMENT_NODES.test(client)) return;
    if (isPublicNetwork(chainId)) {
      throw new StartupError(
        `the private key of ${published} is published with anvil and Hardhat, and CHAIN_ID ${chainId} is a public network: set DEPLOYER_PRIVATE_KEY to a key of your own`,
      );
    }
    const message = 'the private key of a signer is public';
    this.logger.warn({ event: 'startup.published_key', message, signer: published, chain_id: chainId, client });
  }

  private async requireChain(expected: number): Promise<void> {
    for (const { endpoint, chainId } of await this.reader.chainIds()) {
      if (chainId === expected) continue;
      throw new StartupError(`CHAIN_ID is ${expected}, but the endpoint ${endpoint} serves chain ${chainId}`);
    }
  }
}
