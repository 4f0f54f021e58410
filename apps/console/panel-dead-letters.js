import { DeadLetterFilterForm } from './dead-letter-filter.js';
import { deadLettersTable } from './dead-letters-table.js';
import { askToReplay } from './dialog-replay.js';
import { find, setText } from './dom.js';
import { Feed } from './feed.js';
import { counted } from './format.js';
import { Pager } from './pager.js';

/** @typedef {import('./api-types.d.js').DeadLetterBody} DeadLetter */

const LIMIT = 20;

/**
 * The dead letters: filter, selection, and what can be done with them.
 *
 * @param {import('./context.d.js').Context} context
 */
export function deadLettersPanel(context) {
  const total = find(document, '#dead-letters-total', HTMLElement);
  const selection = new Selection();
  const pager = new Pager('dead letters', ['Older', 'Newer'], () => context.hurry('dlq'));
  const filter = new DeadLetterFilterForm(() => {
    pager.restart();
    context.hurry('dlq');
  });
  const table = deadLettersTable(context, selection);
  find(document, '#dead-letters-table', HTMLElement).replaceChildren(table.element);
  find(document, '#dead-letters-pager', HTMLElement).replaceChildren(pager.element);
  find(document, '#replay-matching', HTMLElement).addEventListener('click', () =>
    askToReplay(context, { filter: filter.applied }),
  );
  selection.onReplay((ids) => askToReplay(context, { ids }));
  return new Feed({
    name: 'dlq',
    everyMs: 10_000,
    load: async () => {
      const asked = { cursor: pager.cursor, filter: filter.applied };
      /** @type {import('./api-types.d.js').DeadLetterPageBody} */
      const page = await context.api.get('dlq', { limit: LIMIT, cursor: asked.cursor, ...asked.filter });
      if (asked.cursor !== pager.cursor || asked.filter !== filter.applied) return;
      // With a filter the service looks at a thousand entries at a time: a page may be empty and not the last.
      table.show(
        page.items,
        page.next_cursor === null ? undefined : 'Nothing that fits on this page; there are newer ones.',
      );
      pager.show(page.next_cursor);
      selection.keepOnly(page.items);
      setText(total, counted(page.total ?? 0, 'entry', 'entries'));
    },
  });
}

/** The entries of the page that are ticked. */
class Selection {
  /** @type {Set<string>} */
  #ids = new Set();
  #button = find(document, '#replay-selected', HTMLButtonElement);

  /** @param {(ids: readonly string[]) => void} act */
  onReplay(act) {
    this.#button.addEventListener('click', () => {
      if (this.#ids.size > 0) act([...this.#ids]);
    });
  }

  /**
   * @param {string} id
   * @param {boolean} chosen
   */
  choose(id, chosen) {
    if (chosen) this.#ids.add(id);
    else this.#ids.delete(id);
    this.#show();
  }

  /** @param {readonly DeadLetter[]} items what is not on the page is not selected */
  keepOnly(items) {
    const shown = new Set(items.map(({ id }) => id));
    for (const id of this.#ids) if (!shown.has(id)) this.#ids.delete(id);
    this.#show();
  }

  #show() {
    setText(this.#button, this.#ids.size === 0 ? 'Replay selected …' : `Replay ${this.#ids.size} selected …`);
    this.#button.setAttribute('aria-disabled', String(this.#ids.size === 0));
  }
}
