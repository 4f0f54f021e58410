import { Logger } from '@nestjs/common';
import type { DeploymentJob, JobResult } from '#core';
import { RpcError, RpcUnavailableError } from '../../rpc/rpc.errors.js';
import type { TokenOwnershipCheck } from './token-ownership-check.js';
import { conflictOf } from './token-conflicts.js';
import type { ModelStatus } from './model-status-reader.js';
import type { TokenCreationFinder } from './token-creation-finder.js';

/** Models that are through with both steps, finally: by an earlier transaction of ours, or by the registry's owner. */
export class RegisteredTokenFinder {
  private readonly logger = new Logger(RegisteredTokenFinder.name);

  constructor(
    private readonly ownershipCheck: TokenOwnershipCheck,
    private readonly creationFinder: TokenCreationFinder,
  ) {}

  /** Null for a model that is not that far, or of which no node shows now what is needed. */
  async resultOrNull(
    job: DeploymentJob,
    standing: ModelStatus | undefined,
    finalBlock: number,
  ): Promise<JobResult | null> {
    if (standing?.kind !== 'registered') return conflictOf(job, standing);
    try {
      return await this.resultOf(job, standing.tokenAddress, finalBlock);
    } catch (error) {
      if (!(error instanceof RpcError) && !(error instanceof RpcUnavailableError)) throw error;
      const { modelId } = job.request.record;
      this.logger.warn({
        event: 'token.adoption_postponed',
        message: 'token not adopted yet',
        model_id: modelId,
        error: error.message,
      });
      return null;
    }
  }

  private async resultOf(job: DeploymentJob, tokenAddress: string, finalBlock: number): Promise<JobResult> {
    const token = await this.ownershipCheck.verify(job, tokenAddress, finalBlock);
    if ('kind' in token) return token;
    const registryTransactionHash = await this.creationFinder.findRegistrationHash(job, token, finalBlock);
    const kind = job.state === 'deployed_unregistered' ? 'deployed' : 'adopted';
    return { kind, job, token: { ...token, registryTransactionHash } };
  }
}
