import { field } from './dialog.js';
import { el } from './dom.js';

/** The note that goes into the audit trail, with its field. */
export class NoteField {
  #input = el('textarea', { rows: '2', maxlength: '1000' });

  /** @param {{ required: boolean }} note */
  constructor({ required }) {
    this.required = required;
    this.#input.required = required;
    this.element = field(required ? 'Note (required)' : 'Note', this.#input, 'Goes into the audit trail.');
  }

  /** @throws Error when a note is needed and there is none; the field has the focus then */
  get text() {
    const text = this.#input.value.trim();
    this.#input.setAttribute('aria-invalid', String(this.required && text === ''));
    if (!this.required || text !== '') return text;
    this.#input.focus();
    throw new Error('A note is needed: say why.');
  }
}
