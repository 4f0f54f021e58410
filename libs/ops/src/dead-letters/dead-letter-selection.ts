import { Injectable } from '@nestjs/common';
import { type DeadLetter, type DeadLetterFilter, DeadLetters } from '#core';

/** Finds the dead letters that a replay is about. */
@Injectable()
export class DeadLetterSelection {
  constructor(private readonly deadLetters: DeadLetters) {}

  /** In the order of the ids, each once; an id itself stands for an entry that is gone. */
  async byIds(ids: readonly string[]): Promise<readonly (DeadLetter | string)[]> {
    const entries: (DeadLetter | string)[] = [];
    for (const id of new Set(ids)) entries.push((await this.deadLetters.find(id)) ?? id);
    return entries;
  }

  /** The oldest that fit, at most `limit`. All are read before any is touched: replaying moves what is behind a cursor. */
  async oldest(filter: DeadLetterFilter, limit: number): Promise<readonly DeadLetter[]> {
    const entries: DeadLetter[] = [];
    let cursor: string | null = null;
    do {
      const rest = { limit: limit - entries.length, filter };
      const page = await this.deadLetters.list(cursor === null ? rest : { ...rest, cursor });
      entries.push(...page.items);
      cursor = page.nextCursor;
    } while (cursor !== null && entries.length < limit);
    return entries;
  }
}
