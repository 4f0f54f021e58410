import { Injectable, Logger } from '@nestjs/common';
import { StartupError, TokenBackend } from '#core';
import { ChainConfig } from '#config';
import { ChainReader } from '../rpc/chain-reader.js';
import { findPublishedSigner } from './published-keys.js';

/** Verifies chain id, signer accounts and contracts before the first transaction is signed. */
@Injectable()
export class StartupChecks {
  private readonly logger = new Logger(StartupChecks.name);

  constructor(
    private readonly reader: ChainReader,
    private readonly backend: TokenBackend,
    private readonly config: ChainConfig,
  ) {}

  /**
   * @param addresses EIP-55 addresses of the signers
   * @param checked addresses of the signers that passed the checks before
   * @throws StartupError when a check fails; RpcUnavailableError
   */
  async run(addresses: readonly string[], checked: readonly string[] = []): Promise<void> {
    await this.requireChain(this.config.chainId);
    const all = [...checked, ...addresses];
    const repeated = all.find((address, index) => all.indexOf(address) !== index);
    if (repeated)
      throw new StartupError(`two signers of DEPLOYER_PRIVATE_KEY or DEPLOYER_SIGNERS have the address ${repeated}`);
    await this.requireSecretKeys(addresses);
    for (const address of addresses) {
      // EIP-7702: nodes accept one pending transaction only from an account that delegates to code.
      if ((await this.reader.code(address)) !== '0x')
        throw new StartupError(`the signer ${address} has code; a deployer must be a plain account`);
    }
    await this.backend.checkAtStartup(addresses);
    const chain_id = this.config.chainId;
    this.logger.log({ event: 'startup.chain_checked', message: 'chain checked', chain_id, signers: addresses });
  }

  private async requireSecretKeys(addresses: readonly string[]): Promise<void> {
    const { chainId } = this.config;
    const published = await findPublishedSigner(addresses, chainId, async () => await this.reader.clientVersion());
    if (published === null) return;
    const message = 'the private key of a signer is public';
    this.logger.warn({ event: 'startup.published_key', message, ...published, chain_id: chainId });
  }

  private async requireChain(expected: number): Promise<void> {
    for (const { endpoint, chainId } of await this.reader.chainIds()) {
      if (chainId === expected) continue;
      throw new StartupError(`CHAIN_ID is ${expected}, but the endpoint ${endpoint} serves chain ${chainId}`);
    }
  }
}
