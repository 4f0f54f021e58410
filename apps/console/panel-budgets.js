import { find, setText } from './dom.js';
import { Feed } from './feed.js';
import { NOTHING } from './format.js';
import { Table, textColumn } from './table.js';

/** @typedef {import('./api-types.d.js').SpendingBody} Spending */

const LABELS = /** @type {Readonly<Record<string, string>>} */ ({
  ether_per_hour: 'Ether per hour',
  ether_per_day: 'Ether per day',
  tokens_per_hour: 'Tokens per hour',
});

/**
 * What the queue has spent of its budgets, and its circuit breaker.
 *
 * @param {import('./context.d.js').Context} context
 */
export function budgetsPanel({ api }) {
  /** @type {Table<Spending>} */
  const table = new Table({
    name: 'Budgets',
    empty: 'No budget.',
    keyOf: ({ budget }) => budget,
    columns: [
      textColumn('Budget', ({ budget }) => LABELS[budget] ?? budget),
      textColumn('Spent', ({ spent }) => spent, 'number'),
      textColumn('Reserved', ({ reserved }) => reserved, 'number'),
      textColumn('Left', ({ remaining }) => remaining ?? NOTHING, 'number'),
    ],
  });
  find(document, '#budgets-table', HTMLElement).replaceChildren(table.element);
  const breaker = find(document, '#circuit', HTMLElement);
  return new Feed({
    name: 'policy',
    everyMs: 5000,
    load: async () => {
      /** @type {import('./api-types.d.js').PolicyBody} */
      const { spending, circuit } = await api.get('policy');
      table.show(spending);
      setText(breaker, circuit === null ? 'closed' : `open since ${circuit.since}`);
    },
  });
}
