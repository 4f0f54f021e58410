import { Injectable, Logger } from '@nestjs/common';
import {
  type DeadLetter,
  DeadLetters,
  type DiscardResult,
  type OperatorAction,
  type ReplayResult,
  type RestoreResult,
} from '#core';
import { type DlqOperation, type DlqOutcome, Metrics } from '#telemetry';
import { ReplayEligibilityService } from '../replays/replay-eligibility.service.js';

/** What an operator does with one dead letter, counted and logged. */
@Injectable()
export class DeadLetterOperations {
  private readonly logger = new Logger(DeadLetterOperations.name);

  constructor(
    private readonly deadLetters: DeadLetters,
    private readonly replayability: ReplayEligibilityService,
    private readonly metrics: Metrics,
  ) {}

  /** @param force also when the model of the entry has its token already */
  async replay(entry: DeadLetter, action: OperatorAction, force: boolean): Promise<ReplayResult | 'already_deployed'> {
    return await this.counted('replay', entry.id, action, async () => {
      const obstacle = await this.replayability.check(entry, force);
      return obstacle ?? (await this.deadLetters.replay(entry, action));
    });
  }

  async discard(entry: DeadLetter, action: OperatorAction): Promise<DiscardResult> {
    let discarded: DiscardResult = { result: 'gone' };
    await this.counted('discard', entry.id, action, async () => {
      discarded = await this.deadLetters.discard(entry, action);
      return discarded.result;
    });
    return discarded;
  }

  async restore(auditId: string, action: OperatorAction): Promise<RestoreResult> {
    return await this.counted('restore', auditId, action, async () => await this.deadLetters.restore(auditId, action));
  }

  private async counted<T extends DlqOutcome>(
    operation: DlqOperation,
    id: string,
    { actor, note }: OperatorAction,
    work: () => Promise<T>,
  ): Promise<T> {
    try {
      const result = await work();
      this.metrics.dlqOperationsTotal.inc({ operation, outcome: result });
      this.logger.log({
        event: 'dead_letter.changed',
        message: 'dead letter operation',
        operation,
        actor,
        note,
        id,
        result,
      });
      return result;
    } catch (error) {
      this.metrics.dlqOperationsTotal.inc({ operation, outcome: 'failed' });
      throw error;
    }
  }
}
