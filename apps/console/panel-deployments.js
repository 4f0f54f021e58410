import { fillCopyable } from './copyable.js';
import { el, find, setText } from './dom.js';
import { Feed } from './feed.js';
import { age, instant } from './format.js';
import { Pager } from './pager.js';
import { Table, textColumn } from './table.js';

/** @typedef {import('./api-types.d.js').DeploymentBody} Deployment */

const LIMIT = 15;

/**
 * The newest deployments, with links to what stands on chain.
 *
 * @param {import('./context.d.js').Context} context
 */
export function deploymentsPanel({ api, explorer, hurry }) {
  const state = find(document, '#deployments-state', HTMLSelectElement);
  const pager = new Pager('deployments', ['Newer', 'Older'], () => hurry('deployments'));
  const table = deploymentsTable(explorer);
  find(document, '#deployments-table', HTMLElement).replaceChildren(table.element);
  find(document, '#deployments-pager', HTMLElement).replaceChildren(pager.element);
  state.addEventListener('change', () => {
    pager.restart();
    hurry('deployments');
  });
  return new Feed({
    name: 'deployments',
    everyMs: 4000,
    load: async () => {
      const query = { limit: LIMIT, state: state.value, cursor: pager.cursor };
      /** @type {import('./api-types.d.js').DeploymentPageBody} */
      const page = await api.get('deployments', query);
      // The operator turned the page or chose another state meanwhile: another request is under way.
      if (query.cursor !== pager.cursor || query.state !== state.value) return;
      table.show(page.items);
      pager.show(page.next_cursor);
    },
  });
}

/** @param {import('./explorer.js').Explorer} explorer */
function deploymentsTable(explorer) {
  /** @type {Table<Deployment>} */
  const table = new Table({
    name: 'Deployments',
    empty: 'No deployment.',
    keyOf: ({ model_id: id }) => id,
    columns: [
      {
        label: 'Model',
        class: 'wide',
        fill: (cell, { model_id: id }) => fillCopyable(cell, id, { what: 'the model id', text: id }),
      },
      textColumn('Symbol', ({ record }) => record.token_symbol),
      { label: 'State', fill: fillState },
      {
        label: 'Token',
        fill: (cell, { token }) => {
          const address = token === null ? null : token.token_address;
          fillCopyable(cell, address, { href: explorer.address(address), what: 'the token address' });
        },
      },
      {
        label: 'Transaction',
        fill: (cell, { token, attempts }) => {
          const hash = token?.transaction_hash ?? attempts.at(-1)?.transaction_hash ?? null;
          fillCopyable(cell, hash, { href: explorer.transaction(hash), what: 'the transaction hash' });
        },
      },
      { label: 'Changed', class: 'time', fill: fillChanged },
    ],
  });
  return table;
}

/**
 * @param {HTMLElement} cell
 * @param {Deployment} deployment
 */
function fillChanged(cell, { updated_at: at }) {
  setText(cell, `${age((Date.now() - Date.parse(at)) / 1000)} ago`);
  cell.title = `${instant(at)} UTC`;
}

/**
 * @param {HTMLElement} cell
 * @param {Deployment} deployment
 */
function fillState(cell, { state, failure }) {
  const badge = cell.firstElementChild ?? cell.appendChild(el('span', { class: 'state' }));
  setText(badge, failure === null ? state : `${state}: ${failure.reason}`);
  badge.setAttribute('data-state', state);
  cell.title = failure === null ? '' : failure.error;
}
