import { Injectable } from '@nestjs/common';
import type { DeadLetter } from '#core';
import { DeployedModels } from './deployed-models.service.js';

/** Decides before a replay whether it makes sense. */
@Injectable()
export class ReplayEligibilityService {
  constructor(private readonly deployed: DeployedModels) {}

  /** @returns why the entry stays where it is; null when it can be replayed */
  async check(entry: DeadLetter, force: boolean): Promise<'unreplayable' | 'already_deployed' | null> {
    if (entry.originalMessage === null) return 'unreplayable';
    if (force) return null;
    return (await this.deployed.hasTokenOf(entry.originalMessage)) ? 'already_deployed' : null;
  }
}
