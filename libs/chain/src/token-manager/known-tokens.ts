import type { TokenManagerConfig } from '#config';
import type { DeployedToken, DeploymentJob, JobFinding } from '#core';
import { madeOtherwise } from './managed-conflicts.js';
import { asAddress, isAsWanted } from './managed-terms.js';
import type { RegistryOwner } from './registry-owner.js';
import type { TokenOrigin, TokenOrigins } from './token-origins.js';

/** Decides whether a final token of the manager is the one that a job asks for: anybody may call the manager. */
export class KnownTokens {
  private readonly former: ReadonlySet<string>;

  constructor(
    private readonly origins: TokenOrigins,
    private readonly owner: RegistryOwner,
    private readonly config: TokenManagerConfig,
  ) {
    this.former = new Set(config.formerDeployers?.map(asAddress));
  }

  /** The token, or the conflict that it is. @throws RpcUnavailable when its transaction cannot be read now */
  async recognise(
    job: DeploymentJob,
    tokenAddress: string,
    finalBlock: number,
  ): Promise<DeployedToken | Extract<JobFinding, { kind: 'failed' }>> {
    const origin = await this.origins.find(job, tokenAddress, finalBlock);
    if (!this.isOurs(origin)) return madeOtherwise(job, tokenAddress, origin.deployer);
    const { call, own, token } = origin;
    if (call === null || !isAsWanted(call, job.request, this.config, own))
      return madeOtherwise(job, tokenAddress, null);
    return token;
  }

  private isOurs({ own, deployer }: TokenOrigin): boolean {
    return own || this.owner.isOurs(deployer) || this.former.has(deployer);
  }
}
