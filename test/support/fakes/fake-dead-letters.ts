import {
  type DeadLetter,
  type DeadLetterFilter,
  type DeadLetterPage,
  DeadLetters,
  type OperatorAction,
  type ReplayResult,
} from '#core';

/** Dead letters in memory. The cursor is the id of the last entry of a page. */
export class FakeDeadLetters extends DeadLetters {
  entries: DeadLetter[] = [];
  readonly replayed: { readonly id: string; readonly action: OperatorAction }[] = [];
  /** Runs before every call, to fail or to wait. */
  before: (call: 'list' | 'find' | 'replay') => void | Promise<void> = () => undefined;

  override async list(page: {
    readonly limit: number;
    readonly cursor?: string;
    readonly filter?: DeadLetterFilter;
  }): Promise<DeadLetterPage> {
    await this.before('list');
    const start = this.entries.findIndex((entry) => entry.id === page.cursor) + 1;
    if (page.cursor !== undefined && start === 0) throw new RangeError('malformed cursor');
    const fitting = this.entries.slice(start).filter((entry) => fits(entry, page.filter ?? {}));
    const items = fitting.slice(0, page.limit);
    return {
      items,
      nextCursor: fitting.length > items.length ? (items.at(-1)?.id ?? null) : null,
      total: this.entries.length,
    };
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
}

function fits(entry: DeadLetter, filter: DeadLetterFilter): boolean {
  return (
    (filter.reason === undefined || filter.reason === entry.reason) &&
    (filter.modelId === undefined || filter.modelId === entry.modelId)
  );
}
