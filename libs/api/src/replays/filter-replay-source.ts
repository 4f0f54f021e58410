import { type DeadLetter, type DeadLetterFilter, type DeadLetters, matchesFilter } from '#core';
import type { ReplayCandidate, ReplaySource } from './replay-source.js';

/** Entries read at a time. */
const PAGE = 200;

/** Entries from the oldest on. The position is the cursor behind those that stayed. */
export class FilterReplaySource implements ReplaySource {
  private page: DeadLetter[] = [];
  private last: DeadLetter | null = null;
  private stayedInPage: DeadLetter[] = [];
  private ended = false;

  constructor(
    private readonly deadLetters: DeadLetters,
    private readonly filter: DeadLetterFilter,
    private cursor: string | null,
  ) {}

  get position(): string {
    return this.cursor === null ? '' : this.deadLetters.cursorAfter(this.cursor, this.stayedInPage);
  }

  async next(): Promise<ReplayCandidate | null> {
    if (this.page.length === 0 && !this.ended) await this.nextPage();
    this.last = this.page.shift() ?? null;
    return this.last && { id: this.last.id, entry: this.last, selected: matchesFilter(this.last, this.filter) };
  }

  stayed(): void {
    if (this.last !== null) this.stayedInPage.push(this.last);
  }

  // All entries, not only those that fit: the cursor has to know which of them stay.
  private async nextPage(): Promise<void> {
    const { position } = this;
    const found = await this.deadLetters.list(position === '' ? { limit: PAGE } : { limit: PAGE, cursor: position });
    this.cursor = found.cursor;
    this.page = [...found.items];
    this.stayedInPage = [];
    this.ended = found.nextCursor === null;
  }
}
