import type { DeadLetter, DeadLetters } from '#core';
import type { ReplayCandidate, ReplaySource } from './replay-source.js';

/** Entries that were chosen by id, in that order. The position counts the ids that are done. */
export class IdReplaySource implements ReplaySource {
  private found: ReadonlyMap<string, DeadLetter> | null = null;

  constructor(
    private readonly deadLetters: DeadLetters,
    private readonly ids: readonly string[],
    private done: number,
  ) {}

  get position(): string {
    return String(this.done);
  }

  async next(): Promise<ReplayCandidate | null> {
    this.found ??= await this.deadLetters.findAll(this.ids.slice(this.done));
    const id = this.ids[this.done];
    if (id === undefined) return null;
    this.done += 1;
    return { id, entry: this.found.get(id) ?? null, selected: true };
  }

  stayed(): void {
    // Ids are read by position, which a skipped entry does not shift.
  }
}
