import { button, el } from './dom.js';

/** Goes through the pages of a list by their cursors, and back. */
export class Pager {
  /** @type {(string | null)[]} */
  #cursors = [null];
  /** @type {string | null} */
  #next = null;
  #back;
  #forth;

  /**
   * @param {string} what the pages list; part of the buttons' labels for screen readers
   * @param {readonly [back: string, forth: string]} labels
   * @param {() => void} onTurn
   */
  constructor(what, [back, forth], onTurn) {
    this.onTurn = onTurn;
    this.#back = button(back, () => this.#turn(() => this.#cursors.pop()), { 'aria-label': `${back} ${what}` });
    this.#forth = button(forth, () => this.#turn(() => this.#cursors.push(this.#next)), {
      'aria-label': `${forth} ${what}`,
    });
    this.element = el('div', { class: 'pager' }, this.#back, this.#forth);
    this.show(null);
  }

  /** Of the page to ask for. */
  get cursor() {
    return this.#cursors.at(-1) ?? null;
  }

  /** @param {string | null} next cursor of the page behind the one that is shown */
  show(next) {
    this.#next = next;
    // Disabled in the way that keeps the focus where it is.
    this.#back.setAttribute('aria-disabled', String(this.#cursors.length === 1));
    this.#forth.setAttribute('aria-disabled', String(next === null));
  }

  restart() {
    this.#cursors = [null];
    this.show(null);
  }

  /** @param {() => void} change */
  #turn(change) {
    const focused = document.activeElement;
    if (focused?.getAttribute('aria-disabled') === 'true') return;
    change();
    this.show(null);
    this.onTurn();
  }
}
