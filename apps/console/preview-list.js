import { el } from './dom.js';
import { NOTHING } from './format.js';
import { wordFor } from './outcomes.js';
import { Table, textColumn } from './table.js';

/** @typedef {import('./api-types.d.js').ReplayResultBody} ReplayedEntry */

/** Entries that are listed; the sentence above counts all of them. */
const MOST_SHOWN = 100;

/** What a replay would do with each entry. */
export class PreviewList {
  element = el('div', { class: 'preview', tabindex: '0', role: 'region', 'aria-label': 'Dry run', hidden: '' });
  /** @type {Table<ReplayedEntry>} */
  #table = new Table({
    name: 'Dry run',
    empty: 'No dead letter fits.',
    keyOf: ({ id }) => id,
    columns: [
      textColumn('Model', ({ model_id: model, id }) => model ?? id, 'wide mono'),
      textColumn('Message', ({ message_id: message }) => message ?? NOTHING, 'mono'),
      textColumn('Outcome', ({ result }) => wordFor(result)),
    ],
  });

  /** @param {readonly ReplayedEntry[]} entries */
  show(entries) {
    this.#table.show(entries.slice(0, MOST_SHOWN));
    const more = entries.length - MOST_SHOWN;
    this.element.replaceChildren(this.#table.element, ...(more > 0 ? [el('p', {}, `… and ${more} more`)] : []));
    this.element.hidden = false;
  }
}
