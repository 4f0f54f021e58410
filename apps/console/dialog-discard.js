import { Dialog } from './dialog.js';
import { el, find } from './dom.js';
import { NoteField } from './note-field.js';

/**
 * @param {import('./context.d.js').Context} context
 * @param {import('./api-types.d.js').DeadLetterBody} entry
 * @param {Dialog} behind closes with it
 */
export function askToDiscard({ api, results, hurry }, entry, behind) {
  const name = entry.model_id ?? entry.id;
  const note = new NoteField({ required: true });
  const fallback = find(document, '#dead-letters-title', HTMLElement);
  const dialog = new Dialog({ title: 'Discard this dead letter?', close: 'Keep it', fallback });
  dialog.add(
    el(
      'p',
      {},
      'Its message will not be deployed. The entry goes into the audit trail, from where it can be restored.',
    ),
    el('p', {}, el('code', { class: 'quoted' }, name)),
    note.element,
  );
  dialog.addAction(
    'Discard',
    async () => {
      await api.delete(`dlq/${encodeURIComponent(entry.id)}`, { note: note.text });
      dialog.close();
      behind.close();
      results.say(`Discarded ${name}.`);
      hurry('dlq', 'queues', 'audit');
    },
    { kind: 'danger', submits: true },
  );
  dialog.open();
}
