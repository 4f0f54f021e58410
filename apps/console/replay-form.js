import { filterText } from './dead-letter-filter.js';
import { field, tick } from './dialog.js';
import { el } from './dom.js';
import { counted } from './format.js';
import { NoteField } from './note-field.js';

/** @typedef {import('./api-types.d.js').DeadLetterFilterBody} DeadLetterFilter */
/** @typedef {Partial<import('./api-types.d.js').ReplayBody>} ReplayOrder */

/** The fields of a replay. */
export class ReplayForm {
  #limit = el('input', {
    type: 'number',
    min: '1',
    max: '100000',
    step: '1',
    value: '100',
    required: '',
    inputmode: 'numeric',
  });
  #rate = el('input', { type: 'number', min: '0.1', max: '1000', step: 'any', inputmode: 'decimal' });
  #force = el('input');
  #note = new NoteField({ required: false });

  /** @param {{ readonly ids: readonly string[] } | { readonly filter: DeadLetterFilter }} chosen */
  constructor(chosen) {
    this.chosen = chosen;
  }

  get title() {
    return 'ids' in this.chosen ? `Replay ${counted(this.chosen.ids.length, 'dead letter')}?` : 'Replay dead letters?';
  }

  get elements() {
    const rate = field('At most per second', this.#rate, 'Empty: as fast as it goes.');
    const what =
      'ids' in this.chosen
        ? [
            el(
              'p',
              {},
              `${this.chosen.ids.length === 1 ? 'The' : 'Each'} message goes back to the queue with a full budget of attempts.`,
            ),
          ]
        : [
            el('p', {}, 'Which: ', el('strong', {}, filterText(this.chosen.filter)), ', the oldest first.'),
            el('div', { class: 'fields' }, field('At most', this.#limit, 'Entries, from 1 to 100,000.'), rate),
          ];
    return [...what, tick('Also where the model has its token already', this.#force), this.#note.element];
  }

  /**
   * @returns {ReplayOrder}
   * @throws Error that says which field is wrong
   */
  get order() {
    const note = this.#note.text;
    return {
      ...this.#selection(),
      ...(this.#force.checked ? { force: true } : {}),
      ...(note === '' ? {} : { note }),
    };
  }

  /** @returns {ReplayOrder} */
  #selection() {
    if ('ids' in this.chosen) return { ids: [...this.chosen.ids] };
    requireValid(this.#limit, 'Give a whole number of entries from 1 to 100,000.');
    requireValid(this.#rate, 'Give a rate from 0.1 to 1,000 a second, or nothing.');
    const limit = Number(this.#limit.value);
    const rate = this.#rate.value === '' ? {} : { max_per_second: Number(this.#rate.value) };
    return { filter: this.chosen.filter, limit, ...rate };
  }
}

/**
 * @param {HTMLInputElement} input
 * @param {string} otherwise
 */
function requireValid(input, otherwise) {
  const valid = input.checkValidity();
  input.setAttribute('aria-invalid', String(!valid));
  if (valid) return;
  input.focus();
  throw new Error(otherwise);
}
