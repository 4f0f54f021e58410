import { Injectable, Logger } from '@nestjs/common';
import { StartupError, TokenBackend } from '#core';
import { ChainConfig } from '#config';
import type { LaneSigner } from '../lanes/transactions/lane-signer.js';
import { ChainReader } from '../rpc/chain-reader.js';

/** What must be true of the chain before the first transaction, because no later moment is good enough to find out. */
@Injectable()
export class StartupChecks {
  private readonly logger = new Logger(StartupChecks.name);

  constructor(
    private readonly reader: ChainReader,
    private readonly backend: TokenBackend,
    private readonly config: ChainConfig,
  ) {}

  /** @throws StartupError; RpcUnavailableError when the chain cannot be asked yet */
  async run(signers: readonly LaneSigner[]): Promise<void> {
    await this.requireChain(this.config.chainId);
    const addresses = signers.map((signer) => signer.address);
    requireDistinct(addresses);
    for (const address of addresses) await this.requireNoCode(address);
    await this.backend.checkAtStartup(addresses);
    this.logger.log({
      event: 'startup.chain_checked',
      message: 'chain checked',
      chain_id: this.config.chainId,
      signers: addresses,
    });
  }

  private async requireChain(expected: number): Promise<void> {
    for (const { endpoint, chainId } of await this.reader.chainIds()) {
      if (chainId === expected) continue;
      throw new StartupError(`CHAIN_ID is ${expected}, but the endpoint ${endpoint} serves chain ${chainId}`);
    }
  }

  /** EIP-7702: nodes keep only one transaction in flight for an account that delegates to code. */
  private async requireNoCode(address: string): Promise<void> {
    if ((await this.reader.code(address)) !== '0x') {
      throw new StartupError(`the signer ${address} has code; DEPLOYER_PRIVATE_KEY must be of a plain account`);
    }
  }
}

function requireDistinct(addresses: readonly string[]): void {
  const repeated = addresses.find((address, index) => addresses.indexOf(address) !== index);
  if (repeated) throw new StartupError(`DEPLOYER_PRIVATE_KEY names the signer ${repeated} twice`);
}
