import { Logger } from '@nestjs/common';
import type { DeploymentJob, JobFinding } from '#core';
import { RpcError, RpcUnavailable } from '../rpc/rpc-errors.js';
import type { KnownTokens } from './known-tokens.js';
import { conflictOf } from './managed-conflicts.js';
import type { Standing } from './model-standings.js';
import type { TokenOrigins } from './token-origins.js';

/** Models that are through with both steps, finally: by an earlier transaction of ours, or by the registry's owner. */
export class RegisteredTokens {
  private readonly logger = new Logger(RegisteredTokens.name);

  constructor(
    private readonly known: KnownTokens,
    private readonly origins: TokenOrigins,
  ) {}

  /** Null for a model that is not that far, or of which no node shows now what is needed. */
  async findingOrNull(
    job: DeploymentJob,
    standing: Standing | undefined,
    finalBlock: number,
  ): Promise<JobFinding | null> {
    if (standing?.kind !== 'registered') return conflictOf(job, standing);
    try {
      return await this.finding(job, standing.tokenAddress, finalBlock);
    } catch (error) {
      if (!(error instanceof RpcError) && !(error instanceof RpcUnavailable)) throw error;
      const { modelId } = job.request.record;
      this.logger.warn({ message: 'a token cannot be adopted yet', model_id: modelId, error: error.message });
      return null;
    }
  }

  private async finding(job: DeploymentJob, tokenAddress: string, finalBlock: number): Promise<JobFinding> {
    const token = await this.known.recognise(job, tokenAddress, finalBlock);
    if ('kind' in token) return token;
    const registryTransactionHash = await this.origins.registrationOf(job, token, finalBlock);
    const kind = job.state === 'deployed_unregistered' ? 'deployed' : 'adopted';
    return { kind, job, token: { ...token, registryTransactionHash } };
  }
}
