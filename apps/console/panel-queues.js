import { find, setText } from './dom.js';
import { askToPause, askToResume } from './dialog-pause.js';
import { Feed } from './feed.js';
import { age, count } from './format.js';
import { Table, textColumn } from './table.js';
import { Tile } from './tile.js';

/** @typedef {import('./api-types.d.js').QueuesBody} Queues */

const LISTS = /** @type {const} */ ([
  ['main_queue', 'Waiting'],
  ['processing', 'Processing'],
  ['delayed', 'Delayed'],
  ['dead_letter', 'Dead letters'],
]);

/**
 * Depths and oldest ages, who holds messages, and the pause.
 *
 * @param {import('./context.d.js').Context} context
 */
export function queuesPanel(context) {
  const tiles = LISTS.map(([id, label]) => /** @type {const} */ ([id, new Tile(label, id)]));
  find(document, '#depth-tiles', HTMLElement).append(...tiles.map(([, { element }]) => element));
  const workers = workersTable();
  const pause = new PauseButton(context);
  let dead = -1;
  return new Feed({
    name: 'queues',
    everyMs: 2000,
    load: async () => {
      /** @type {Queues} */
      const queues = await context.api.get('queues');
      for (const [id, tile] of tiles) showDepth(tile, queues.queues[id], id === 'dead_letter');
      workers.show(queues.workers);
      pause.show(queues.paused);
      const { messages } = queues.queues.dead_letter;
      if (messages !== dead && dead >= 0) context.hurry('dlq', 'audit', 'deployments');
      dead = messages;
    },
  });
}

/**
 * @param {Tile} tile
 * @param {import('./api-types.d.js').QueueDepthBody} depth
 * @param {boolean} dead
 */
function showDepth(tile, { messages, oldest_age_seconds: oldest }, dead) {
  const note = messages === 0 ? 'empty' : `oldest ${oldest === null ? 'of unknown age' : age(oldest)}`;
  const level = dead && messages > 0 ? 'warn' : 'plain';
  tile.show({ at: performance.now(), value: messages, text: count(messages), note, level });
}

function workersTable() {
  /** @type {Table<import('./api-types.d.js').WorkerBody>} */
  const table = new Table({
    name: 'Workers',
    empty: 'No messages in processing.',
    keyOf: ({ worker }) => worker,
    columns: [
      textColumn('Worker', ({ worker }) => worker, 'mono'),
      textColumn('In flight', ({ in_flight: messages }) => count(messages), 'number'),
      textColumn('Lease left', ({ lease_left_seconds: left }) => age(left), 'number'),
    ],
  });
  find(document, '#workers-table', HTMLElement).replaceChildren(table.element);
  return table;
}

/** The button that pauses or resumes, whichever there is to do, and the line that says which. */
class PauseButton {
  #button = find(document, '#pause', HTMLButtonElement);
  #line = find(document, '#paused', HTMLElement);
  #paused = false;

  /** @param {import('./context.d.js').Context} context */
  constructor(context) {
    this.#button.addEventListener('click', () => (this.#paused ? askToResume(context) : askToPause(context)));
  }

  /** @param {boolean} paused */
  show(paused) {
    this.#paused = paused;
    this.#line.hidden = !paused;
    setText(this.#button, paused ? 'Resume …' : 'Pause …');
  }
}
