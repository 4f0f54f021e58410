import { el, setText } from './dom.js';
import { KeyedRows } from './keyed-rows.js';

/**
 * @template T
 * @typedef {{ readonly label: string, readonly class?: string, readonly fill: (cell: HTMLElement, row: T) => void }} Column
 */

/**
 * A table that becomes a list of cards where it is narrow. The roles are said outright: browsers drop those of a table whose
 * rows are laid out otherwise.
 *
 * @template T
 */
export class Table {
  #body = el('tbody', { role: 'rowgroup' });
  #empty = el('p', { class: 'empty' }, 'Loading …');

  /**
   * @param {{ name: string, empty: string, columns: readonly Column<T>[], keyOf: (row: T) => string }} table
   */
  constructor({ name, empty, columns, keyOf }) {
    this.emptyText = empty;
    const head = columns.map(({ label, class: given = '' }) =>
      el('th', { role: 'columnheader', scope: 'col', class: given }, label),
    );
    this.element = el(
      'div',
      { class: 'table', 'data-empty': 'true' },
      el(
        'table',
        { role: 'table', 'aria-label': name },
        el('thead', { role: 'rowgroup' }, el('tr', { role: 'row' }, ...head)),
        this.#body,
      ),
      this.#empty,
    );
    /** @type {KeyedRows<T>} */
    this.rows = new KeyedRows(this.#body, {
      keyOf,
      create: () => el('tr', { role: 'row' }, ...columns.map((column) => cellOf(column))),
      fill: (element, row) => {
        for (const [index, column] of columns.entries()) {
          const cell = element.children[index];
          if (cell instanceof HTMLElement) column.fill(cell, row);
        }
      },
    });
  }

  /**
   * @param {readonly T[]} rows
   * @param {string} [emptyText] instead of the usual one
   */
  show(rows, emptyText = this.emptyText) {
    this.rows.show(rows);
    setText(this.#empty, emptyText);
    this.#empty.hidden = rows.length > 0;
    this.element.dataset['empty'] = String(rows.length === 0);
  }
}

/** @param {Column<never>} column */
function cellOf({ label, class: given = '' }) {
  return el('td', { role: 'cell', class: given, 'data-label': label });
}

/**
 * A column of text.
 *
 * @template T
 * @param {string} label
 * @param {(row: T) => string} textOf
 * @param {string} [className]
 * @returns {Column<T>}
 */
export function textColumn(label, textOf, className = '') {
  return { label, class: className, fill: (cell, row) => setText(cell, textOf(row)) };
}
