import { Logger } from '@nestjs/common';
import type { TokenManagerConfig } from '#config';
import { decodeManagedDeployment, isRegistration, readManagedTokens } from '#contracts';
import type { ChainJob, TransactionReceipt } from '#core';
import { TokenHistory } from '../history/token-history.js';
import { isTo } from './token-origins.js';

/**
 * The contracts do not keep what a job is made of: a job with an invented record would turn its own message into a conflict.
 * So tokens are only named here, and adopted when the messages of their models come.
 */
export class UnrestorableTokens extends TokenHistory {
  private readonly logger = new Logger(UnrestorableTokens.name);

  constructor(private readonly config: TokenManagerConfig) {
    super();
  }

  override async madeIn(receipts: readonly TransactionReceipt[]): Promise<readonly ChainJob[]> {
    for (const { logs, transactionHash } of receipts) {
      for (const { name, tokenAddress } of readManagedTokens(this.config.managerAddress, logs)) {
        const message = 'a token that the journal does not know is adopted with the next message of its model';
        this.logger.warn({ message, token: tokenAddress, token_name: name, transaction_hash: transactionHash });
      }
    }
    return [];
  }

  override async *madeBy(): AsyncIterable<readonly ChainJob[]> {}

  override isOurs(to: string | null, data: string): boolean {
    const { managerAddress, registryAddress } = this.config;
    if (isTo(to, managerAddress)) return decodeManagedDeployment(data) !== null;
    return isTo(to, registryAddress) && isRegistration(data);
  }
}
