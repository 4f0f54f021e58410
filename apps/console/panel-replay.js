import { Dialog } from './dialog.js';
import { el, find, setText } from './dom.js';
import { Feed } from './feed.js';
import { count } from './format.js';
import { NoteField } from './note-field.js';
import { outcomesIn, outcomeText } from './outcomes.js';

/** @typedef {import('./api-types.d.js').ReplayRunBody} ReplayRun */
/** @typedef {import('./context.d.js').Context} Context */

/** A replay that takes longer: how far it is, and the way to end it. Not there while none is followed. */
export class ReplayPanel {
  #section = find(document, '#replay-run', HTMLElement);
  #state = find(document, '#replay-state', HTMLElement);
  #progress = find(document, '#replay-progress', HTMLProgressElement);
  #cancel = find(document, '#cancel-replay', HTMLButtonElement);
  /** @type {string | null} */
  #id = null;
  #over = false;
  /** @type {Context | null} */
  #context = null;

  /** @param {Context} context */
  attach(context) {
    this.#context = context;
    this.#cancel.addEventListener('click', () => this.#askToCancel(context));
    find(this.#section, '#dismiss-replay', HTMLButtonElement).addEventListener('click', () => this.#dismiss());
    return new Feed({ name: 'replay', everyMs: 1000, load: () => this.#load(context) });
  }

  /** @param {string} id */
  follow(id) {
    this.#id = id;
    this.#over = false;
    setText(this.#state, 'Asking how far it is …');
    this.#progress.removeAttribute('value');
    this.#section.hidden = false;
    this.#context?.hurry('replay');
  }

  /** @param {Context} context */
  async #load({ api, results, hurry, session }) {
    const id = this.#id;
    if (id === null || this.#over) return;
    /** @type {ReplayRun} */
    const run = await api.get(`dlq/replays/${encodeURIComponent(id)}`);
    if (id !== this.#id) return;
    this.#show(run);
    this.#over = run.state === 'finished' || run.state === 'cancelled';
    this.#cancel.hidden = this.#over || session.scope === 'read';
    if (!this.#over) return;
    results.say(`The replay is ${run.state}: ${countsText(run)}.`);
    hurry('dlq', 'queues', 'audit', 'deployments');
  }

  /** @param {ReplayRun} run */
  #show(run) {
    const pace = run.max_per_second ? `, at most ${count(run.max_per_second)} a second` : '';
    setText(this.#state, `${run.state} by ${run.actor}${pace}: ${countsText(run)}`);
    const wanted = run.ids ?? run.limit ?? 0;
    if (run.state === 'finished') this.#progress.value = 1;
    else if (wanted > 0) this.#progress.value = Math.min(1, passed(run) / wanted);
  }

  /** @param {Context} context */
  #askToCancel({ api, results, hurry }) {
    const id = this.#id;
    if (id === null) return;
    const note = new NoteField({ required: false });
    const fallback = find(document, '#replay-run-title', HTMLElement);
    const dialog = new Dialog({ title: 'Cancel the replay?', close: 'Let it go on', fallback });
    dialog.add(el('p', {}, 'It ends before its next entry. What was replayed stays replayed.'), note.element);
    const cancel = async () => {
      await api.delete(`dlq/replays/${encodeURIComponent(id)}`, { note: note.text });
      dialog.close();
      results.say('The replay ends before its next entry.');
      hurry('replay', 'audit');
    };
    dialog.addAction('Cancel replay', cancel, { kind: 'danger', submits: true });
    dialog.open();
  }

  #dismiss() {
    this.#id = null;
    this.#section.hidden = true;
    find(document, '#dead-letters-title', HTMLElement).focus();
  }
}

/** @param {ReplayRun} run */
function passed({ counts }) {
  return outcomesIn(counts).length;
}

/** @param {ReplayRun} run */
function countsText({ counts }) {
  const outcomes = outcomesIn(counts);
  return outcomes.length === 0 ? 'no entry yet' : outcomeText(outcomes);
}
