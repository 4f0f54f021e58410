/**
 * Children of one element, each for a row of data with a key. A row that stays keeps its element, so that focus, selection
 * and place survive a refresh.
 *
 * @template T
 */
export class KeyedRows {
  /** @type {Map<string, HTMLElement>} */
  #elements = new Map();

  /**
   * @param {HTMLElement} parent
   * @param {{ keyOf: (row: T) => string, create: (row: T) => HTMLElement, fill: (element: HTMLElement, row: T) => void }} rows
   *   `fill` runs at every refresh
   */
  constructor(parent, { keyOf, create, fill }) {
    this.parent = parent;
    this.keyOf = keyOf;
    this.create = create;
    this.fill = fill;
  }

  /** @param {readonly T[]} rows each with a key of its own */
  show(rows) {
    const wanted = new Set(rows.map((row) => this.keyOf(row)));
    for (const [key, element] of this.#elements) {
      if (wanted.has(key)) continue;
      element.remove();
      this.#elements.delete(key);
    }
    let next = this.parent.firstElementChild;
    for (const row of rows) {
      const element = this.#elementOf(row);
      this.fill(element, row);
      if (element === next) next = next.nextElementSibling;
      else this.parent.insertBefore(element, next);
    }
  }

  /** @param {T} row */
  #elementOf(row) {
    const key = this.keyOf(row);
    const element = this.#elements.get(key) ?? this.create(row);
    this.#elements.set(key, element);
    return element;
  }
}
