import { Logger } from '@nestjs/common';
import type { TokenManagerConfig } from '#config';
import { decodeTokenManagerDeployment, isRegistration, readTokenManagerDeployments } from '#contracts';
import type { ChainJob, TransactionReceipt } from '#core';
import { TokenRestorer } from '../../history/token-restorer.port.js';
import { isSentTo } from './token-creation-finder.js';

/**
 * The contracts do not keep what a job is made of: a job with an invented record would turn its own message into a conflict.
 * So tokens are only named here, and adopted when the messages of their models come.
 */
export class TokenManagerTokenRestorer extends TokenRestorer {
  private readonly logger = new Logger(TokenManagerTokenRestorer.name);

  constructor(private readonly config: TokenManagerConfig) {
    super();
  }

  override async jobsFromReceipts(receipts: readonly TransactionReceipt[]): Promise<readonly ChainJob[]> {
    for (const { logs, transactionHash } of receipts) {
      for (const { name, tokenAddress } of readTokenManagerDeployments(this.config.managerAddress, logs)) {
        this.logger.warn({
          event: 'token.awaiting_message',
          message: 'token unknown to the journal, adopted when its message arrives',
          token: tokenAddress,
          token_name: name,
          transaction_hash: transactionHash,
        });
      }
    }
    return [];
  }

  override async *jobsOfDeployer(): AsyncIterable<readonly ChainJob[]> {}

  override isOwnCall(to: string | null, data: string): boolean {
    const { managerAddress, registryAddress } = this.config;
    if (isSentTo(to, managerAddress)) return decodeTokenManagerDeployment(data) !== null;
    return isSentTo(to, registryAddress) && isRegistration(data);
  }
}
