import { Logger } from '@nestjs/common';
import type { DeploymentJob, JobResult } from '#core';
import { type BatchResult, describeFailure, isRpcFailure } from '../../rpc/rpc.errors.js';
import type { TokenOwnershipCheck } from './token-ownership-check.js';
import { conflictOf } from './token-conflicts.js';
import type { ModelStatus } from './model-status-reader.js';
import type { TokenCreationFinder } from './token-creation-finder.js';

/** Completes models whose token is finally registered: by an earlier transaction of this service, or by the owner. */
export class RegisteredTokenFinder {
  private readonly logger = new Logger(RegisteredTokenFinder.name);

  constructor(
    private readonly ownershipCheck: TokenOwnershipCheck,
    private readonly creationFinder: TokenCreationFinder,
  ) {}

  /** Returns null when the model is not registered, and the error when the node cannot serve the data. */
  async find(
    job: DeploymentJob,
    status: ModelStatus | undefined,
    finalBlock: number,
  ): Promise<BatchResult<JobResult | null>> {
    if (status?.kind !== 'registered') return conflictOf(job, status);
    try {
      return await this.resultOf(job, status.tokenAddress, finalBlock);
    } catch (error) {
      if (!isRpcFailure(error)) throw error;
      const { modelId } = job.request.record;
      const message = 'token not adopted yet';
      this.logger.warn({
        event: 'token.adoption_postponed',
        message,
        model_id: modelId,
        error: describeFailure(error),
      });
      return error;
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
