import { Logger } from '@nestjs/common';
import type { TokenManagerConfig } from '#config';
import { decodeTokenManagerDeployment, isRegistration, readTokenManagerDeployments } from '#contracts';
import type { ChainJob, TransactionReceipt } from '#core';
import { TokenRestorer } from '../../history/token-restorer.port.js';
import { isSentTo } from './token-creation-finder.js';

/**
 * Restores no jobs, because the contracts do not keep the whole record: a job with an invented record would conflict with
 * its own message. Logs the tokens, which are adopted with the next message of their model.
 */
export class TokenManagerTokenRestorer extends TokenRestorer {
  private readonly logger = new Logger(TokenManagerTokenRestorer.name);

  constructor(private readonly config: TokenManagerConfig) {
    super();
  }

  override async jobsFromReceipts(receipts: readonly TransactionReceipt[]): Promise<readonly ChainJob[]> {
    for (const { logs, transactionHash } of receipts) {
      for (const { name, tokenAddress } of readTokenManagerDeployments(this.config.managerAddress, logs)) {
        const message = 'token unknown to the journal, adopted when its message arrives';
        const fields = { token: tokenAddress, token_name: name, transaction_hash: transactionHash };
        this.logger.warn({ event: 'token.awaiting_message', message, ...fields });
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
