import { sentenceOf } from './api-problem.js';
import { button, el, setText } from './dom.js';

let lastId = 0;

/** A modal dialog: the browser keeps the focus in it, closes it at Escape and gives the focus back. */
export class Dialog {
  #opener = document.activeElement;
  #failure = el('p', { class: 'failure', role: 'alert' });
  #result = el('p', { class: 'outcome', role: 'status' });
  #actions = el('div', { class: 'actions' });
  #body = el('div', { class: 'dialog-body' });
  #form;

  /**
   * @param {{ title: string, close?: string, fallback: HTMLElement, wide?: boolean }} dialog `fallback` gets the focus when
   *   what opened the dialog is gone
   */
  constructor({ title, close = 'Cancel', fallback, wide = false }) {
    lastId += 1;
    this.fallback = fallback;
    const heading = el('h2', { id: `dialog-${lastId}` }, title);
    this.#actions.append(button(close, () => this.close()));
    this.#form = el('form', { novalidate: '' }, heading, this.#body, this.#failure, this.#result, this.#actions);
    this.element = el('dialog', { 'aria-labelledby': heading.id, class: wide ? 'wide' : '' }, this.#form);
    this.element.addEventListener('close', () => this.#closed());
    this.#form.addEventListener('submit', (event) => event.preventDefault());
  }

  /** @param {...(Node | string)} children */
  add(...children) {
    this.#body.append(...children);
    return this;
  }

  /**
   * A button that does something which may fail; while it is at work, no button does anything.
   *
   * @param {string} label
   * @param {() => Promise<void>} work what it throws is shown; the dialog stays
   * @param {{ kind?: 'danger' | 'main' | 'plain', submits?: boolean }} [more] `submits`: Enter in a field triggers it
   */
  addAction(label, work, { kind = 'plain', submits = false } = {}) {
    const run = () => void this.#run(work);
    const action = submits ? el('button', { class: kind }, label) : button(label, run, { class: kind });
    if (submits) this.#form.addEventListener('submit', run);
    this.#actions.append(action);
    return action;
  }

  open() {
    document.body.append(this.element);
    this.element.showModal();
    return this;
  }

  close() {
    this.element.close();
  }

  /** @param {string} text announces the result of an action, also to screen readers */
  say(text) {
    setText(this.#result, text);
  }

  /** @param {unknown} error */
  fail(error) {
    setText(this.#failure, sentenceOf(error));
  }

  /** @param {() => Promise<void>} work */
  async #run(work) {
    if (this.element.getAttribute('aria-busy') === 'true') return;
    this.element.setAttribute('aria-busy', 'true');
    setText(this.#failure, '');
    try {
      await work();
    } catch (error) {
      this.fail(error);
    } finally {
      this.element.removeAttribute('aria-busy');
    }
  }

  #closed() {
    this.element.remove();
    const opener = this.#opener;
    if (opener instanceof HTMLElement && opener.isConnected) opener.focus();
    else this.fallback.focus();
  }
}

/**
 * A labelled field.
 *
 * @template {HTMLInputElement | HTMLTextAreaElement} T
 * @param {string} label
 * @param {T} input
 * @param {string} [hint]
 */
export function field(label, input, hint) {
  lastId += 1;
  input.id = `field-${lastId}`;
  const parts = [el('label', { for: input.id }, label), input];
  if (hint === undefined) return el('div', { class: 'field' }, ...parts);
  const hintText = el('p', { class: 'hint', id: `hint-${lastId}` }, hint);
  input.setAttribute('aria-describedby', hintText.id);
  return el('div', { class: 'field' }, ...parts, hintText);
}

/**
 * A box to tick with its label.
 *
 * @param {string} label
 * @param {HTMLInputElement} box
 */
export function tick(label, box) {
  box.type = 'checkbox';
  return el('label', { class: 'tick' }, box, ` ${label}`);
}
