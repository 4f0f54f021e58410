import { button, el } from './dom.js';

/** What the last action came to, in one line that screen readers say and that moves nothing. */
export class Results {
  #text = el('span', { role: 'status' });
  #bar;

  constructor() {
    this.#bar = el(
      'div',
      { class: 'results' },
      this.#text,
      button('Dismiss', () => this.clear()),
    );
    this.#bar.dataset['empty'] = 'true';
  }

  get element() {
    return this.#bar;
  }

  /**
   * @param {string} text
   * @param {'done' | 'failed'} [kind]
   */
  say(text, kind = 'done') {
    this.#text.textContent = text;
    this.#bar.dataset['kind'] = kind;
    this.#bar.dataset['empty'] = 'false';
  }

  clear() {
    this.#text.textContent = '';
    this.#bar.dataset['empty'] = 'true';
  }
}
