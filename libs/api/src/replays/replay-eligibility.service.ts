import { Injectable } from '@nestjs/common';
import { type DeadLetter, DeploymentJobs, TokenLookup } from '#core';
import { peekIds } from '#messages';
import { ApiSettings } from '../api-settings.js';

/** Decides whether a dead letter can be replayed. */
@Injectable()
export class ReplayEligibilityService {
  constructor(
    private readonly jobs: DeploymentJobs,
    private readonly tokens: TokenLookup,
    private readonly settings: ApiSettings,
  ) {}

  /**
   * Returns why the entry is skipped, or null when it can be replayed.
   *
   * @param force replay the message even if its model has a token
   * @throws HoldError when neither the ledger nor the chain is available
   */
  async check(entry: DeadLetter, force: boolean): Promise<'unreplayable' | 'already_deployed' | null> {
    if (entry.originalMessage === null) return 'unreplayable';
    if (force) return null;
    return (await this.isDeployed(entry.originalMessage)) ? 'already_deployed' : null;
  }

  /** Reads the ledger; the chain, when the ledger does not know the model. False for a message without a model id. */
  private async isDeployed(message: Uint8Array): Promise<boolean> {
    const { modelId } = peekIds(message, this.settings.modelIdSource);
    if (modelId === null) return false;
    const job = await this.jobs.find(modelId);
    if (job === null) return (await this.tokens.tokenOf(modelId)) !== null;
    // The event of a failed or restored job is not published: its replayed message adopts the token and publishes.
    return job.eventId !== null && (job.state === 'deployed' || job.state === 'deployed_unregistered');
  }
}
