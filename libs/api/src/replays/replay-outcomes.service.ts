import { Injectable, Logger } from '@nestjs/common';
import type { OperatorAction, ReplayedEntry, ReplayStep } from '#core';
import { Metrics } from '#telemetry';

/** Counts and logs what became of the entries of a run. */
@Injectable()
export class ReplayOutcomes {
  private readonly logger = new Logger(ReplayOutcomes.name);

  constructor(private readonly metrics: Metrics) {}

  record({ stayed, push }: ReplayStep, outcome: 'replayed' | 'gone' | null, action: OperatorAction): void {
    for (const entry of stayed) this.recordOne(entry, action);
    if (push !== null && outcome !== null) this.recordOne({ ...push, outcome }, action);
  }

  private recordOne(entry: ReplayedEntry, { actor, note }: OperatorAction): void {
    const { id, outcome, messageId, modelId } = entry;
    this.metrics.dlqOperationsTotal.inc({ operation: 'replay', outcome });
    const ids = { id, message_id: messageId, model_id: modelId };
    this.logger.log({
      event: 'dead_letter.replayed',
      message: 'dead letter replay',
      actor,
      note,
      ...ids,
      result: outcome,
    });
  }
}
