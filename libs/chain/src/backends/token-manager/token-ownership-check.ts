import type { TokenManagerConfig } from '#config';
import type { DeployedToken, DeploymentJob, JobResult } from '#core';
import { createdByOtherAccount, createdByOtherCall, createdWithOtherTerms } from './token-conflicts.js';
import { toChecksumAddress } from './deployment-terms.js';
import { termDifferences } from './term-differences.js';
import type { RegistryOwner } from './registry-owner.js';
import type { TokenCreationFinder } from './token-creation-finder.js';

/** Verifies that a final token is the one a job asks for. Any account may call the manager. */
export class TokenOwnershipCheck {
  private readonly formerDeployers: ReadonlySet<string>;

  constructor(
    private readonly creationFinder: TokenCreationFinder,
    private readonly owner: RegistryOwner,
    private readonly config: TokenManagerConfig,
  ) {
    this.formerDeployers = new Set(config.formerDeployers?.map(toChecksumAddress));
  }

  /** Returns the token, or the conflict. @throws RpcUnavailableError when the node does not return its transaction */
  async verify(
    job: DeploymentJob,
    tokenAddress: string,
    finalBlock: number,
  ): Promise<DeployedToken | Extract<JobResult, { kind: 'failed' }>> {
    const { call, deployer, fromOwnJournal, token } = await this.creationFinder.find(job, tokenAddress, finalBlock);
    if (!fromOwnJournal && !this.owner.isOwnSigner(deployer) && !this.formerDeployers.has(deployer))
      return createdByOtherAccount(job, tokenAddress, deployer);
    if (call === null) return createdByOtherCall(job, tokenAddress);
    const differences = termDifferences(call, job.request, this.config, fromOwnJournal);
    return differences.length === 0 ? token : createdWithOtherTerms(job, tokenAddress, differences);
  }
}
