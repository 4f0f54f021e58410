import { Injectable } from '@nestjs/common';
import { DeploymentJobs, TokenLookup } from '#core';
import { peekIds } from '#messages';

/** Knows which messages have nothing left to do: those of models that have a token, whatever its record. */
@Injectable()
export class DeployedModels {
  constructor(
    private readonly jobs: DeploymentJobs,
    private readonly tokens: TokenLookup,
  ) {}

  /**
   * Asks the ledger, and where that does not know the chain. False for a message that names no model.
   *
   * @throws HoldError when neither can be asked
   */
  async hasTokenOf(message: Uint8Array): Promise<boolean> {
    const { modelId } = peekIds(message);
    if (modelId === null) return false;
    const job = await this.jobs.find(modelId);
    const done = job?.state === 'deployed' || job?.state === 'deployed_unregistered';
    return done || (await this.tokens.tokenOf(modelId)) !== null;
  }
}
