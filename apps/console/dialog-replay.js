import { ApiProblem } from './api-problem.js';
import { Dialog } from './dialog.js';
import { find } from './dom.js';
import { outcomesIn, outcomeText } from './outcomes.js';
import { OncePerRequest } from './once.js';
import { PreviewList } from './preview-list.js';
import { ReplayForm } from './replay-form.js';

/** @typedef {import('./api-types.d.js').DeadLetterFilterBody} DeadLetterFilter */
/** @typedef {import('./api-types.d.js').ReplayRunBody} ReplayRun */
/**
 * What is known of a replay that was ordered: not more than that it began, when Redis did not say more.
 *
 * @typedef {Pick<ReplayRun, 'id' | 'state'> & Partial<ReplayRun>} OrderedReplay
 */
/** @typedef {import('./context.d.js').Context} Context */

/**
 * Replays some entries, or the oldest that fit a filter; shows beforehand what would come of it.
 *
 * @param {Context} context
 * @param {{ readonly ids: readonly string[] } | { readonly filter: DeadLetterFilter }} chosen
 * @param {Dialog} [behind] closes with it
 */
export function askToReplay(context, chosen, behind) {
  const { api } = context;
  const form = new ReplayForm(chosen);
  const preview = new PreviewList();
  const once = new OncePerRequest();
  const fallback = find(document, '#dead-letters-title', HTMLElement);
  const dialog = new Dialog({ title: form.title, fallback, wide: true });
  dialog.add(...form.elements, preview.element);
  dialog.addAction('Dry run', async () => {
    const body = { ...form.order, dry_run: true };
    /** @type {import('./api-types.d.js').ReplayPreviewBody} */
    const { results } = await api.post('dlq/replay', body, once.keyFor({ ...body, at: Date.now() }));
    preview.show(results);
    dialog.say(`Dry run: ${outcomeText(results.map(({ result }) => result))}. Nothing was changed.`);
  });
  dialog.addAction(
    'Replay',
    async () => {
      const body = form.order;
      const run = await ordered(context, body, once.keyFor(body));
      dialog.close();
      behind?.close();
      tell(context, run);
    },
    { kind: 'main', submits: true },
  );
  dialog.open();
}

/**
 * @param {Context} context
 * @param {OrderedReplay} run
 */
function tell({ results, follow, hurry }, run) {
  if (run.state === 'finished') results.say(`Replay: ${outcomeText(outcomesIn(run.counts ?? {}))}.`);
  else results.say('The replay is under way.');
  if (run.state !== 'finished') follow(run.id);
  hurry('dlq', 'queues', 'audit', 'deployments');
}

/**
 * Shows the running replay when another operator has started one: one replay runs at a time.
 *
 * @param {Context} context
 * @param {object} body
 * @param {string} key
 * @returns {Promise<OrderedReplay>}
 */
async function ordered({ api, follow }, body, key) {
  try {
    return await api.post('dlq/replay', body, key);
  } catch (error) {
    if (error instanceof ApiProblem && error.replay !== null) follow(error.replay.split('/').at(-1) ?? '');
    throw error;
  }
}
