import { hash } from 'node:crypto';
import type { DeadLetter } from '#core';
import { readDeadLetter } from '#messages';
import { OLDEST } from './dead-letter-cursor.js';
import type { DeadLetterScan } from './dead-letter-scan.js';

const ID_MEMBERS = /"id"\s*:\s*"([^"\\]{1,128})"/g;
const DERIVED_ID = /^[0-9a-f]{40}$/;

/** Maximum cached positions. */
const MAX_REMEMBERED = 10_000;
/** Maximum shift of a cached position. */
const NEAR = 200;

/**
 * Finds dead letters by id. Caches the positions of listed entries, which only shift toward the oldest end. Other
 * lookups scan the list; a million entries take about 8 s.
 */
export class DeadLetterFinder {
  private readonly places = new Map<string, number>();

  constructor(private readonly walk: DeadLetterScan) {}

  /** @param offset from the oldest entry */
  remember(id: string, offset: number): void {
    this.places.delete(id);
    this.places.set(id, offset);
    const [oldest] = this.places.keys();
    if (this.places.size > MAX_REMEMBERED && oldest !== undefined) this.places.delete(oldest);
  }

  async findAll(ids: readonly string[]): Promise<ReadonlyMap<string, DeadLetter>> {
    const found = new Map<string, DeadLetter>();
    const wanted = new Wanted(ids);
    for (const id of ids) {
      const offset = this.places.get(id);
      if (offset === undefined || found.has(id)) continue;
      wanted.pick(await this.walk.before(offset, NEAR), found);
    }
    if (wanted.count > 0) await this.searchAll(wanted, found);
    return found;
  }

  private async searchAll(wanted: Wanted, found: Map<string, DeadLetter>): Promise<void> {
    for await (const { elements } of this.walk.from(OLDEST)) {
      wanted.pick(elements, found);
      if (wanted.count === 0) return;
    }
  }
}

/** Ids not found so far. */
class Wanted {
  private readonly ids: Set<string>;
  private readonly derived: boolean;

  constructor(ids: readonly string[]) {
    this.ids = new Set(ids);
    this.derived = ids.some((id) => DERIVED_ID.test(id));
  }

  get count(): number {
    return this.ids.size;
  }

  /** Moves ids that occur in `elements` to `found`. */
  pick(elements: readonly Buffer[], found: Map<string, DeadLetter>): void {
    for (const element of elements) {
      if (this.ids.size === 0) return;
      if (!this.mayBe(element)) continue;
      const letter = readDeadLetter(element);
      if (this.ids.delete(letter.id)) found.set(letter.id, letter);
    }
  }

  // Searching for the ids first is about ten times faster than parsing every entry.
  private mayBe(element: Buffer): boolean {
    const [only] = this.ids;
    if (this.derived && this.ids.has(hash('sha1', element))) return true;
    if (this.ids.size === 1 && only !== undefined) return element.includes(only);
    for (const [, id] of element.toString('latin1').matchAll(ID_MEMBERS)) {
      if (id !== undefined && this.ids.has(id)) return true;
    }
    return false;
  }
}
