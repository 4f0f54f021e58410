import { Injectable } from '@nestjs/common';
import { DeploymentJobs, HoldError, TokenLookup } from '#core';
import { toDeploymentDto } from '../deployments/deployment.mapper.js';
import type { ChainAnswerDto, DeadLetterDetailDto } from './dead-letter.dto.js';

const NOT_ASKED: ChainAnswerDto = { asked: false, token_address: null };

/** What became of a model: by the ledger, and by the chain. */
@Injectable()
export class ModelStatusService {
  constructor(
    private readonly jobs: DeploymentJobs,
    private readonly tokens: TokenLookup,
  ) {}

  /** @throws HoldError when the ledger is unavailable; without the chain, the result omits the chain's part */
  async of(modelId: string | null): Promise<Pick<DeadLetterDetailDto, 'deployment' | 'chain'>> {
    if (modelId === null) return { deployment: null, chain: NOT_ASKED };
    const [job, chain] = await Promise.all([this.jobs.find(modelId), this.readChain(modelId)]);
    return { deployment: job === null ? null : toDeploymentDto(job), chain };
  }

  private async readChain(modelId: string): Promise<ChainAnswerDto> {
    try {
      return { asked: true, token_address: await this.tokens.tokenOf(modelId) };
    } catch (error) {
      if (error instanceof HoldError) return NOT_ASKED;
      throw error;
    }
  }
}
