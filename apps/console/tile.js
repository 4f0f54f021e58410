import { Chart } from './chart.js';
import { el, setText } from './dom.js';

/** One number with its course over the last minutes. */
export class Tile {
  #value = el('span', { class: 'tile-value' }, '–');
  #note = el('span', { class: 'tile-note' }, ' ');
  #chart;

  /**
   * @param {string} label
   * @param {string} id
   */
  constructor(label, id) {
    this.#chart = new Chart(label);
    const text = el('div', {}, el('span', { class: 'tile-label' }, label), this.#value, this.#note);
    this.element = el('div', { class: 'tile', 'data-tile': id }, text, this.#chart.element);
  }

  /**
   * @param {{ at: number, value: number | null, text: string, note?: string, level?: 'plain' | 'warn' }} reading
   */
  show({ at, value, text, note = '', level = 'plain' }) {
    setText(this.#value, text);
    setText(this.#note, note);
    this.element.dataset['level'] = level;
    if (value !== null) this.#chart.add(at, value);
  }
}
