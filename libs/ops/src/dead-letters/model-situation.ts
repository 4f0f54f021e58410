import { Injectable } from '@nestjs/common';
import { DeploymentJobs, Held, ModelTokens } from '#core';
import { deploymentView } from '../deployments/deployment-view.js';
import type { ChainAnswerBody, DeadLetterDetailBody } from './dead-letter-body.js';

const NOT_ASKED: ChainAnswerBody = { asked: false, token_address: null };

/** What became of a model: by the ledger, and by the chain. */
@Injectable()
export class ModelSituation {
  constructor(
    private readonly jobs: DeploymentJobs,
    private readonly tokens: ModelTokens,
  ) {}

  /** @throws Held when the ledger cannot be asked; a chain that cannot be is no reason to show nothing */
  async of(modelId: string | null): Promise<Pick<DeadLetterDetailBody, 'deployment' | 'chain'>> {
    if (modelId === null) return { deployment: null, chain: NOT_ASKED };
    const [job, chain] = await Promise.all([this.jobs.find(modelId), this.onChain(modelId)]);
    return { deployment: job === null ? null : deploymentView(job), chain };
  }

  private async onChain(modelId: string): Promise<ChainAnswerBody> {
    try {
      return { asked: true, token_address: await this.tokens.tokenOf(modelId) };
    } catch (error) {
      if (error instanceof Held) return NOT_ASKED;
      throw error;
    }
  }
}
