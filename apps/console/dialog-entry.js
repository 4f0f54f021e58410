import { fillCopyable } from './copyable.js';
import { Dialog } from './dialog.js';
import { askToDiscard } from './dialog-discard.js';
import { askToReplay } from './dialog-replay.js';
import { el, find } from './dom.js';
import { count, instant, laidOut, NOTHING } from './format.js';

/** @typedef {import('./api-types.d.js').DeadLetterBody} DeadLetter */
/** @typedef {import('./api-types.d.js').DeadLetterDetailBody} DeadLetterDetail */
/** @typedef {import('./context.d.js').Context} Context */

/**
 * One dead letter, whole, and what became of its model meanwhile.
 *
 * @param {Context} context
 * @param {DeadLetter} summary
 */
export async function openEntry(context, summary) {
  const fallback = find(document, '#dead-letters-title', HTMLElement);
  const title = `Dead letter ${summary.model_id ?? summary.id}`;
  const dialog = new Dialog({ title, close: 'Close', fallback, wide: true });
  const place = el('div', { class: 'entry' }, el('p', { class: 'empty' }, 'Loading …'));
  dialog.add(place);
  if (context.session.scope === 'operate') addActions(context, dialog, summary);
  dialog.open();
  try {
    /** @type {DeadLetterDetail} */
    const entry = await context.api.get(`dlq/${encodeURIComponent(summary.id)}`);
    place.replaceChildren(factsOf(entry, context), ...textsOf(entry));
  } catch (error) {
    place.replaceChildren();
    dialog.fail(error);
  }
}

/**
 * @param {Context} context
 * @param {Dialog} dialog
 * @param {DeadLetter} entry
 */
function addActions(context, dialog, entry) {
  dialog.addAction('Discard …', async () => askToDiscard(context, entry, dialog), { kind: 'danger' });
  if (!entry.replayable) return;
  dialog.addAction('Replay …', async () => askToReplay(context, { ids: [entry.id] }, dialog), { kind: 'main' });
}

/**
 * @param {DeadLetterDetail} entry
 * @param {Context} context
 */
function factsOf(entry, { explorer }) {
  const model = el('dd');
  fillCopyable(model, entry.model_id, { what: 'the model id', text: entry.model_id ?? NOTHING });
  const message = el('dd');
  fillCopyable(message, entry.message_id, { what: 'the message id', text: entry.message_id ?? NOTHING });
  const token = el('dd');
  const { asked, token_address: address } = entry.chain;
  if (!asked) token.append('the chain could not be asked');
  else if (address === null) token.append('none');
  else fillCopyable(token, address, { href: explorer.address(address), what: 'the token address' });
  return el(
    'dl',
    { class: 'facts' },
    ...pair('Reason', entry.reason ?? 'not given'),
    ...pair('Failed at', instant(entry.failed_at)),
    ...pair('Attempts', entry.attempts === null ? NOTHING : count(entry.attempts)),
    ...pair('Replays', count(entry.replay_count)),
    el('div', { class: 'whole' }, el('dt', {}, 'Error'), el('dd', {}, entry.error ?? NOTHING)),
    el('div', {}, el('dt', {}, 'Model'), model),
    el('div', {}, el('dt', {}, 'Message'), message),
    ...pair('Deployment now', entry.deployment === null ? 'none' : entry.deployment.state),
    el('div', {}, el('dt', {}, 'Token on chain now'), token),
  );
}

/**
 * @param {string} name
 * @param {string} value
 */
function pair(name, value) {
  return [el('div', {}, el('dt', {}, name), el('dd', {}, value))];
}

/** @param {DeadLetterDetail} entry */
function textsOf({ message, entry }) {
  const whole = el('details', {}, el('summary', {}, 'The whole entry'), text('The whole entry', laidOut(entry)));
  if (message === null) return [el('p', {}, 'It holds no message and cannot be replayed.'), whole];
  return [el('h3', {}, 'Message'), text('Message', laidOut(message)), whole];
}

/**
 * Scrolls by itself, so the keyboard must be able to get at it.
 *
 * @param {string} name
 * @param {string} content
 */
function text(name, content) {
  return el('pre', { tabindex: '0', role: 'region', 'aria-label': name }, content);
}
