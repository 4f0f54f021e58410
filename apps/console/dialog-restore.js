import { Dialog } from './dialog.js';
import { el, find } from './dom.js';
import { instant } from './format.js';
import { NoteField } from './note-field.js';
import { OncePerRequest } from './once.js';

/**
 * @param {import('./context.d.js').Context} context
 * @param {import('./api-types.d.js').AuditRecordBody} record of a discard
 */
export function askToRestore({ api, results, hurry }, record) {
  const note = new NoteField({ required: false });
  const once = new OncePerRequest();
  const dialog = new Dialog({
    title: 'Restore the dead letter?',
    fallback: find(document, '#audit-title', HTMLElement),
  });
  dialog.add(
    el(
      'p',
      {},
      `Discarded at ${instant(record.at)} by ${record.actor}. It comes back as the newest dead letter, once.`,
    ),
    note.element,
  );
  dialog.addAction(
    'Restore',
    async () => {
      const body = note.text === '' ? {} : { note: note.text };
      await api.post(`audit/${encodeURIComponent(record.id)}/restore`, body, once.keyFor(body));
      dialog.close();
      results.say('Restored.');
      hurry('dlq', 'queues', 'audit');
    },
    { kind: 'main', submits: true },
  );
  dialog.open();
}
