import {
  type DeadLetter,
  type DeadLetterFilter,
  type DeadLetterPage,
  DeadLetters,
  type DiscardResult,
  matchesFilter,
  type OperatorAction,
  type ReplayResult,
  type RestoreResult,
} from '#core';

const START = 'start';

/** Dead letters in memory. The cursor is the id of the last entry of a page, `start` before the first. */
export class FakeDeadLetters extends DeadLetters {
  entries: DeadLetter[] = [];
  readonly replayed: { readonly id: string; readonly action: OperatorAction }[] = [];
  readonly discarded: { readonly entry: DeadLetter; readonly action: OperatorAction }[] = [];
  /** Runs before every call, to fail or to wait. */
  before: (call: 'list' | 'find' | 'replay' | 'discard' | 'restore') => void | Promise<void> = () => undefined;

  override async list(page: {
    readonly limit: number;
    readonly cursor?: string;
    readonly filter?: DeadLetterFilter;
  }): Promise<DeadLetterPage> {
    await this.before('list');
    const start = this.entries.findIndex((entry) => entry.id === page.cursor) + 1;
    if (page.cursor !== undefined && page.cursor !== START && start === 0) throw new RangeError('malformed cursor');
    const fitting = this.entries.slice(start).filter((entry) => matchesFilter(entry, page.filter ?? {}));
    const items = fitting.slice(0, page.limit);
    return {
      items,
      cursor: page.cursor ?? START,
      nextCursor: fitting.length > items.length ? (items.at(-1)?.id ?? null) : null,
      total: this.entries.length,
    };
  }

  override cursorAfter(cursor: string, passed: readonly DeadLetter[]): string {
    return passed.at(-1)?.id ?? cursor;
  }

  override async findAll(ids: readonly string[]): Promise<ReadonlyMap<string, DeadLetter>> {
    await this.before('find');
    return new Map(this.entries.filter(({ id }) => ids.includes(id)).map((entry) => [entry.id, entry]));
  }

  override async find(id: string): Promise<DeadLetter | null> {
    await this.before('find');
    return this.entries.find((entry) => entry.id === id) ?? null;
  }

  override async replay(entry: DeadLetter, action: OperatorAction): Promise<ReplayResult> {
    await this.before('replay');
    if (!this.entries.some((it) => it.id === entry.id)) return 'gone';
    if (entry.originalMessage === null) return 'unreplayable';
    this.entries = this.entries.filter((it) => it.id !== entry.id);
    this.replayed.push({ id: entry.id, action });
    return 'replayed';
  }

  override async discard(entry: DeadLetter, action: OperatorAction): Promise<DiscardResult> {
    await this.before('discard');
    if (!this.entries.some((it) => it.id === entry.id)) return { result: 'gone' };
    this.entries = this.entries.filter((it) => it.id !== entry.id);
    const auditId = `${this.discarded.push({ entry, action })}-0`;
    return { result: 'discarded', auditId };
  }

  override async restore(auditId: string): Promise<RestoreResult> {
    await this.before('restore');
    const discarded = this.discarded[Number.parseInt(auditId, 10) - 1];
    if (discarded === undefined) return 'unknown';
    if (this.entries.includes(discarded.entry)) return 'already_restored';
    this.entries.push(discarded.entry);
    return 'restored';
  }
}
