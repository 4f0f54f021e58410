import { askToRestore } from './dialog-restore.js';
import { button, find } from './dom.js';
import { Feed } from './feed.js';
import { instant, NOTHING } from './format.js';
import { Pager } from './pager.js';
import { Table, textColumn } from './table.js';

/** @typedef {import('./api-types.d.js').AuditRecordBody} AuditRecord */

const LIMIT = 15;
/** What has a column of its own, or is too long for one. */
const SHOWN_ELSEWHERE = new Set(['id', 'at', 'operation', 'actor', 'note', 'entry', 'request_id']);

/**
 * Who did what, and the way back for what was discarded.
 *
 * @param {import('./context.d.js').Context} context
 */
export function auditPanel(context) {
  const pager = new Pager('audit records', ['Newer', 'Older'], () => context.hurry('audit'));
  const table = auditTable(context);
  find(document, '#audit-table', HTMLElement).replaceChildren(table.element);
  find(document, '#audit-pager', HTMLElement).replaceChildren(pager.element);
  return new Feed({
    name: 'audit',
    everyMs: 10_000,
    load: async () => {
      const { cursor } = pager;
      /** @type {import('./api-types.d.js').AuditPageBody} */
      const page = await context.api.get('audit', { limit: LIMIT, cursor });
      if (cursor !== pager.cursor) return;
      table.show(page.items);
      pager.show(page.next_cursor);
    },
  });
}

/** @param {import('./context.d.js').Context} context */
function auditTable(context) {
  /** @type {Table<AuditRecord>} */
  const table = new Table({
    name: 'Audit trail',
    empty: 'No operator action yet.',
    keyOf: ({ id }) => id,
    columns: [
      textColumn('When', ({ at }) => instant(at), 'time'),
      textColumn('Who', ({ actor }) => actor),
      textColumn('What', ({ operation }) => operation),
      textColumn('Note', ({ note }) => note ?? NOTHING, 'wide'),
      textColumn('Details', detailsOf, 'wide faint'),
      {
        label: '',
        class: 'row-actions',
        fill: (cell, record) => {
          if (cell.childElementCount > 0 || record.operation !== 'discard' || context.session.scope === 'read') return;
          const name = `Restore what was discarded at ${instant(record.at)}`;
          cell.append(button('Restore …', () => askToRestore(context, record), { 'aria-label': name }));
        },
      },
    ],
  });
  return table;
}

/** @param {AuditRecord} record */
function detailsOf(record) {
  const rest = Object.entries(record).filter(([name]) => !SHOWN_ELSEWHERE.has(name));
  return (
    rest.map(([name, value]) => `${name} ${typeof value === 'string' ? value : JSON.stringify(value)}`).join(', ') ||
    NOTHING
  );
}
