import type { ChaosReport } from './chaos-run.js';
import { FAULT_KINDS } from './fault-plan.js';

/** Formats the report as a table. */
export function reportTable(seed: number, { counts, faults, violations }: ChaosReport): string {
  const struck = FAULT_KINDS.filter((kind) => faults.has(kind)).map((kind) => [kind, faults.get(kind) ?? 0] as const);
  return [
    `seed ${seed}`,
    line('messages', Object.entries(counts)),
    line('faults', struck),
    violations.length === 0 ? 'no violation' : `${violations.length} VIOLATIONS\n  ${violations.join('\n  ')}`,
  ].join('\n');
}

function line(title: string, entries: readonly (readonly [string, number])[]): string {
  return `${title.padEnd(9)} ${entries.map(([name, count]) => `${name} ${count}`).join(' · ')}`;
}
