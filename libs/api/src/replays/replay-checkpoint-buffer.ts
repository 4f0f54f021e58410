import type { DeadLetter, ReplayedEntry, ReplayLease, ReplayOutcome, ReplayStep } from '#core';
import type { ReplayCandidate } from './replay-source.js';

/** Entries that a run has passed and left where they are since its last step. */
export class ReplayCheckpointBuffer {
  private stayed: ReplayedEntry[] = [];
  private unselected = 0;

  constructor(private current: ReplayLease) {}

  get lease(): ReplayLease {
    return this.current;
  }

  get count(): number {
    return this.stayed.length + this.unselected;
  }

  get empty(): boolean {
    return this.count === 0;
  }

  /** Whether the run has had as many entries as it may. */
  get exhausted(): boolean {
    const { request, examined, total, counts } = this.current.run;
    if (request.selection.kind === 'ids') return false;
    const selected = Object.values(counts).reduce((sum, count) => sum + count, this.stayed.length);
    return selected >= request.selection.limit || examined + this.count >= total;
  }

  skip({ id, entry }: ReplayCandidate, outcome: ReplayOutcome | 'unselected'): void {
    if (outcome === 'unselected') {
      this.unselected += 1;
      return;
    }
    this.stayed.push({ id, messageId: entry?.messageId ?? null, modelId: entry?.modelId ?? null, outcome });
  }

  step(position: string, push: DeadLetter | null): ReplayStep {
    return { stayed: this.stayed, unselected: this.unselected, position, push };
  }

  /** @param lease as the step left it */
  recorded(lease: ReplayLease): void {
    this.current = lease;
    this.stayed = [];
    this.unselected = 0;
  }
}
