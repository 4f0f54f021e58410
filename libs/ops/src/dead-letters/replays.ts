import { Injectable, Logger } from '@nestjs/common';
import { type DeadLetter, DeadLetters, type OperatorAction, type ReplayResult } from '#core';
import { Metrics } from '#telemetry';
import { Problem } from '../http/problem.js';
import { entryResult, type EntryResult } from './replay-results.js';

/** Moves dead letters back to the queue, one atomic step per entry. */
@Injectable()
export class Replays {
  private readonly logger = new Logger(Replays.name);
  private running = false;

  constructor(
    private readonly deadLetters: DeadLetters,
    private readonly metrics: Metrics,
  ) {}

  /**
   * Replays the entries in order. Ends at the first that fails: what it fails on, the next ones would fail on too.
   *
   * @param select reads the entries; an id stands for an entry that is gone
   * @throws Problem `replay-running` while another call is at work; whatever the very first replay throws
   */
  async replayAll(
    select: () => Promise<readonly (DeadLetter | string)[]>,
    action: OperatorAction,
  ): Promise<readonly EntryResult[]> {
    if (this.running) throw new Problem('replay-running');
    this.running = true;
    try {
      return await this.replayInOrder(await select(), action);
    } finally {
      this.running = false;
    }
  }

  /** @throws what the port throws */
  async replay(entry: DeadLetter, action: OperatorAction): Promise<ReplayResult> {
    try {
      const result = await this.deadLetters.replay(entry, action);
      this.record(result, entry, action);
      return result;
    } catch (error) {
      this.metrics.dlqOperationsTotal.inc({ operation: 'replay', outcome: 'failed' });
      throw error;
    }
  }

  private async replayInOrder(
    entries: readonly (DeadLetter | string)[],
    action: OperatorAction,
  ): Promise<readonly EntryResult[]> {
    const results: EntryResult[] = [];
    for (const entry of entries) {
      try {
        results.push(entryResult(entry, typeof entry === 'string' ? 'gone' : await this.replay(entry, action)));
      } catch (error) {
        if (!results.some(({ result }) => result === 'replayed')) throw error;
        this.logger.error({ message: 'replay ended early', actor: action.actor, replayed: results.length, error });
        const rest = entries.slice(results.length + 1).map((it) => entryResult(it, 'not_attempted'));
        return [...results, entryResult(entry, 'failed'), ...rest];
      }
    }
    return results;
  }

  private record(result: ReplayResult, entry: DeadLetter, { actor, note }: OperatorAction): void {
    this.metrics.dlqOperationsTotal.inc({ operation: 'replay', outcome: result });
    const { id, messageId, modelId } = entry;
    this.logger.log({
      message: 'dead letter replay',
      actor,
      note,
      id,
      result,
      message_id: messageId,
      model_id: modelId,
    });
  }
}
