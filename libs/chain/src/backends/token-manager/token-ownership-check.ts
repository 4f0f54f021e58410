import type { TokenManagerConfig } from '#config';
import type { DeployedToken, DeploymentJob, JobResult } from '#core';
import { createdWithOtherTerms } from './token-conflicts.js';
import { toChecksumAddress, matchesTerms } from './deployment-terms.js';
import type { RegistryOwner } from './registry-owner.js';
import type { TokenCreation, TokenCreationFinder } from './token-creation-finder.js';

/** Decides whether a final token of the manager is the one that a job asks for: anybody may call the manager. */
export class TokenOwnershipCheck {
  private readonly formerDeployers: ReadonlySet<string>;

  constructor(
    private readonly creationFinder: TokenCreationFinder,
    private readonly owner: RegistryOwner,
    private readonly config: TokenManagerConfig,
  ) {
    this.formerDeployers = new Set(config.formerDeployers?.map(toChecksumAddress));
  }

  /** The token, or the conflict that it is. @throws RpcUnavailableError when its transaction cannot be read now */
  async verify(
    job: DeploymentJob,
    tokenAddress: string,
    finalBlock: number,
  ): Promise<DeployedToken | Extract<JobResult, { kind: 'failed' }>> {
    const origin = await this.creationFinder.find(job, tokenAddress, finalBlock);
    if (!this.isOwn(origin)) return createdWithOtherTerms(job, tokenAddress, origin.deployer);
    const { call, fromOwnJournal, token } = origin;
    if (call === null || !matchesTerms(call, job.request, this.config, fromOwnJournal))
      return createdWithOtherTerms(job, tokenAddress, null);
    return token;
  }

  private isOwn({ fromOwnJournal, deployer }: TokenCreation): boolean {
    return fromOwnJournal || this.owner.isOwnSigner(deployer) || this.formerDeployers.has(deployer);
  }
}
