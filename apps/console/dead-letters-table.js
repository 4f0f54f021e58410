import { openEntry } from './dialog-entry.js';
import { button, el, setText } from './dom.js';
import { count, instant, NOTHING } from './format.js';
import { Table, textColumn } from './table.js';

/** @typedef {import('./api-types.d.js').DeadLetterBody} DeadLetter */

/**
 * @param {import('./context.d.js').Context} context
 * @param {{ choose: (id: string, chosen: boolean) => void }} selection
 */
export function deadLettersTable(context, selection) {
  /** @type {Table<DeadLetter>} */
  const table = new Table({
    name: 'Dead letters',
    empty: 'No dead letter here.',
    keyOf: ({ id }) => id,
    columns: [
      ...(context.session.scope !== 'read' ? [choiceColumn(selection)] : []),
      textColumn('Failed at', ({ failed_at: at }) => instant(at), 'time'),
      textColumn('Reason', ({ reason }) => reason ?? 'not given', 'mono'),
      textColumn('Model', ({ model_id: id }) => id ?? NOTHING, 'wide mono'),
      errorColumn,
      textColumn('Attempts', ({ attempts }) => (attempts === null ? NOTHING : count(attempts)), 'number'),
      textColumn('Replays', ({ replay_count: replays }) => count(replays), 'number'),
      viewColumn(context),
    ],
  });
  return table;
}

/** @type {import('./table.js').Column<DeadLetter>} */
const errorColumn = {
  label: 'Error',
  class: 'wide',
  fill: (cell, { error }) => {
    const text = cell.firstElementChild ?? cell.appendChild(el('div', { class: 'clamp' }));
    setText(text, error ?? NOTHING);
  },
};

/**
 * @param {{ choose: (id: string, chosen: boolean) => void }} selection
 * @returns {import('./table.js').Column<DeadLetter>}
 */
function choiceColumn(selection) {
  return {
    label: '',
    class: 'choice',
    fill: (cell, entry) => {
      if (cell.childElementCount > 0) return;
      const box = el('input', { type: 'checkbox', 'aria-label': `Select ${nameOf(entry)}` });
      box.addEventListener('change', () => selection.choose(entry.id, box.checked));
      cell.append(box);
    },
  };
}

/**
 * @param {import('./context.d.js').Context} context
 * @returns {import('./table.js').Column<DeadLetter>}
 */
function viewColumn(context) {
  return {
    label: '',
    class: 'row-actions',
    fill: (cell, entry) => {
      if (cell.childElementCount > 0) return;
      cell.append(button('View …', () => void openEntry(context, entry), { 'aria-label': `View ${nameOf(entry)}` }));
    },
  };
}

/** @param {DeadLetter} entry */
function nameOf({ model_id: model, id }) {
  return model ?? id;
}
