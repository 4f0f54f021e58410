import { fillCopyable } from './copyable.js';
import { el, find, setText } from './dom.js';
import { Feed } from './feed.js';
import { age, count, counted, gwei, NOTHING } from './format.js';
import { KeyedRows } from './keyed-rows.js';
import { Table, textColumn } from './table.js';

/** @typedef {import('./api-types.d.js').LaneBody} Lane */
/** @typedef {import('./api-types.d.js').OpenSlotBody} Slot */

/**
 * The accounts: who works with each, and which of its transactions are not finished.
 *
 * @param {import('./context.d.js').Context} context
 */
export function lanesPanel({ api, explorer }) {
  const list = find(document, '#lanes-list', HTMLElement);
  /** @type {Map<string, LaneCard>} */
  const cards = new Map();
  /** @type {KeyedRows<Lane>} */
  const rows = new KeyedRows(list, {
    keyOf: ({ account }) => account,
    create: ({ account }) => {
      const card = new LaneCard(account, explorer);
      cards.set(account, card);
      return card.element;
    },
    fill: (_, lane) => cards.get(lane.account)?.show(lane),
  });
  const feed = new Feed({
    name: 'lanes',
    everyMs: 2000,
    load: async () => {
      /** @type {import('./api-types.d.js').LanesBody} */
      const { items } = await api.get('lanes');
      list.querySelector(':scope > .empty')?.remove();
      rows.show(items);
    },
  });
  return {
    feed,
    /** @param {ReadonlyMap<string, number>} balances ether by account */
    showBalances: (balances) => {
      for (const [account, card] of cards) card.showBalance(balances.get(account));
    },
  };
}

class LaneCard {
  #facts = {
    balance: fact('Balance'),
    holder: fact('Held by'),
    epoch: fact('Epoch'),
    nonce: fact('Next nonce'),
    holds: fact('Holds'),
  };
  #slots;

  /**
   * @param {string} account
   * @param {import('./explorer.js').Explorer} explorer
   */
  constructor(account, explorer) {
    const title = el('h4');
    fillCopyable(title, account, { href: explorer.address(account), what: 'the account' });
    this.#slots = slotsTable(account, explorer);
    const facts = el('dl', { class: 'facts' }, ...Object.values(this.#facts).flatMap(({ nodes }) => nodes));
    this.element = el('div', { class: 'lane' }, title, facts, this.#slots.element);
  }

  /** @param {Lane} lane */
  show({ held_by: holder, epoch, lease_left_seconds: left, next_nonce: nonce, open_slots: slots, holds }) {
    const { holder: holderFact, epoch: epochFact, nonce: nonceFact, holds: holdsFact } = this.#facts;
    setText(holderFact.value, holder === null ? 'none' : holder);
    holderFact.value.title = holder === null ? '' : `${holder}, for ${age(left)} without a sign of life`;
    setText(epochFact.value, epoch === null ? NOTHING : count(epoch));
    setText(nonceFact.value, nonce === null ? NOTHING : String(nonce));
    setText(holdsFact.value, holds.length === 0 ? 'none' : holds.map(({ reason }) => reason).join(', '));
    holdsFact.value.title = holds.map(({ detail }) => detail).join('; ');
    this.element.dataset['level'] = holder === null || holds.length > 0 ? 'warn' : 'plain';
    this.#slots.show(slots);
  }

  /** @param {number | undefined} ether */
  showBalance(ether) {
    setText(this.#facts.balance.value, ether === undefined ? NOTHING : `${ether.toPrecision(6)} ETH`);
  }
}

/** @param {string} name */
function fact(name) {
  const value = el('dd', {}, NOTHING);
  return { value, nodes: [el('div', {}, el('dt', {}, name), value)] };
}

/**
 * @param {string} account
 * @param {import('./explorer.js').Explorer} explorer
 */
function slotsTable(account, explorer) {
  /** @type {Table<Slot>} */
  const table = new Table({
    name: `Open slots of ${account}`,
    empty: 'No unfinished transaction.',
    keyOf: ({ nonce }) => String(nonce),
    columns: [
      textColumn('Nonce', ({ nonce }) => String(nonce), 'number'),
      textColumn('Age', ({ age_seconds: seconds }) => age(seconds), 'number'),
      textColumn('Attempts', ({ attempts }) => count(attempts), 'number'),
      textColumn('Tokens', ({ tokens }) => counted(tokens, 'token'), 'number'),
      {
        label: 'Latest attempt',
        fill: (cell, { latest_attempt: attempt }) => {
          const hash = attempt === null ? null : attempt.transaction_hash;
          if (attempt !== null) cell.title = `at most ${gwei(attempt.max_fee_per_gas)} per gas`;
          fillCopyable(cell, hash, { href: explorer.transaction(hash), what: 'the transaction hash' });
        },
      },
    ],
  });
  return table;
}
