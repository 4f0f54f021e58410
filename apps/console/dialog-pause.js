import { Dialog, field } from './dialog.js';
import { el, find } from './dom.js';
import { counted } from './format.js';
import { NoteField } from './note-field.js';
import { OncePerRequest } from './once.js';

/** @param {import('./context.d.js').Context} context */
export function askToPause({ api, results, hurry }) {
  const note = new NoteField({ required: false });
  const minutes = el('input', { type: 'number', min: '1', max: '43200', step: '1', inputmode: 'numeric' });
  const once = new OncePerRequest();
  const dialog = new Dialog({ title: 'Pause the queue?', fallback: find(document, '#queues-title', HTMLElement) });
  dialog.add(
    el('p', {}, 'No replica claims further messages. What is in work goes on to its end.'),
    field('Ends automatically after (minutes)', minutes, 'Empty: until an operator resumes the queue.'),
    note.element,
  );
  dialog.addAction(
    'Pause',
    async () => {
      if (!minutes.checkValidity()) throw new Error('Give whole minutes from 1 to 43200, or nothing.');
      const body = {
        ...(note.text === '' ? {} : { note: note.text }),
        ...(minutes.value === '' ? {} : { ttl_seconds: Number(minutes.value) * 60 }),
      };
      await api.post('queue/pause', body, once.keyFor(body));
      dialog.close();
      results.say(minutes.value === '' ? 'Paused.' : `Paused for ${counted(Number(minutes.value), 'minute')}.`);
      hurry('queues', 'health', 'audit');
    },
    { kind: 'danger', submits: true },
  );
  dialog.open();
}

/** @param {import('./context.d.js').Context} context */
export function askToResume({ api, results, hurry }) {
  const note = new NoteField({ required: false });
  const once = new OncePerRequest();
  const dialog = new Dialog({ title: 'Resume the queue?', fallback: find(document, '#queues-title', HTMLElement) });
  dialog.add(el('p', {}, 'Every replica claims messages again.'), note.element);
  dialog.addAction(
    'Resume',
    async () => {
      const body = note.text === '' ? {} : { note: note.text };
      await api.post('queue/resume', body, once.keyFor(body));
      dialog.close();
      results.say('Resumed.');
      hurry('queues', 'health', 'audit');
    },
    { kind: 'main', submits: true },
  );
  dialog.open();
}
