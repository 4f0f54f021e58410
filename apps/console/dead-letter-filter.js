import { find } from './dom.js';

/** @typedef {import('./api-types.d.js').DeadLetterFilterBody} Filter */
/** @typedef {Pick<Filter, keyof Filter>} DeadLetterFilter */

/** The form that says which dead letters; what is typed counts once it is applied. */
export class DeadLetterFilterForm {
  #form = find(document, '#dead-letters-filter', HTMLFormElement);
  #reason = find(this.#form, '#filter-reason', HTMLInputElement);
  #model = find(this.#form, '#filter-model', HTMLInputElement);
  #after = find(this.#form, '#filter-after', HTMLInputElement);
  #before = find(this.#form, '#filter-before', HTMLInputElement);
  /** @type {DeadLetterFilter} */
  #applied = {};

  /** @param {() => void} onChange */
  constructor(onChange) {
    this.#form.addEventListener('submit', (event) => {
      event.preventDefault();
      this.#apply(onChange);
    });
    // The browser empties the fields after the event and its microtasks.
    this.#form.addEventListener('reset', () => setTimeout(() => this.#apply(onChange)));
  }

  get applied() {
    return this.#applied;
  }

  /** @param {() => void} onChange */
  #apply(onChange) {
    this.#applied = {
      ...given('reason', this.#reason.value.trim()),
      ...given('model_id', this.#model.value.trim()),
      ...given('failed_after', utc(this.#after.value)),
      ...given('failed_before', utc(this.#before.value)),
    };
    onChange();
  }
}

/**
 * Describes the filter in human-readable text.
 *
 * @param {DeadLetterFilter} filter
 */
export function filterText({ reason, model_id: model, failed_after: after, failed_before: before }) {
  const parts = [
    reason === undefined ? '' : `reason ${reason}`,
    model === undefined ? '' : `model ${model}`,
    after === undefined ? '' : `failed from ${after}`,
    before === undefined ? '' : `failed before ${before}`,
  ].filter((part) => part !== '');
  return parts.length === 0 ? 'all dead letters' : parts.join(', ');
}

/**
 * @param {string} name
 * @param {string} value
 */
function given(name, value) {
  return value === '' ? {} : { [name]: value };
}

/** @param {string} local value of a `datetime-local` field, which has no time zone */
function utc(local) {
  if (local === '') return '';
  return `${local.length === 16 ? `${local}:00` : local}Z`;
}
