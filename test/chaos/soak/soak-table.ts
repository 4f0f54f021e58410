import { SOAK_FAULTS } from './soak-faults.js';
import type { MessageKind } from './soak-messages.js';
import type { SoakReport } from './soak-run.js';

const KINDS: readonly MessageKind[] = ['first', 'same bytes', 'many copies', 'same record', 'another record', 'broken'];
const WIDTH = 36;

/** What was pushed, what was broken, and what came of it. */
export function soakTable(seed: number, report: SoakReport): string {
  const { messages, kills, faults, transactions, events, dead, seconds, violations } = report;
  const rows: readonly (readonly [string, string | number])[] = [
    ['seed', seed],
    ...KINDS.map((kind) => [`messages: ${kind}`, messages.filter((message) => message.kind === kind).length] as const),
    ['kill -9', kills],
    ...SOAK_FAULTS.map((fault) => [`faults: ${fault}`, faults.get(fault) ?? 0] as const),
    ['seconds', seconds.toFixed(1)],
    ['transactions', transactions],
    ['events', events],
    ['dead letters', dead],
    ['violations', violations.length],
  ];
  const lines = rows.map(([what, value]) => `${what.padEnd(WIDTH)}${String(value).padStart(8)}`);
  return [...lines, ...violations.map((violation) => `  VIOLATION ${violation}`)].join('\n');
}
