import type { RebuildReport } from '#audit';
import { oneLine } from './one-line.js';

/** What was done, for people. */
export function rebuildText(report: RebuildReport): string {
  const { dryRun, finalBlock, tokens, foreignTokens, restored, present, open, published, eventsMissing } = report;
  const rows: readonly (readonly [string, number | string])[] = [
    ['tokens on chain', `${tokens} up to final block ${finalBlock}, ${foreignTokens} of other deployers`],
    [dryRun ? 'jobs to restore' : 'jobs restored', restored],
    ['jobs that were there', present],
    ['jobs being worked on', open],
    ['events published', published],
    ['events not known to be published', eventsMissing],
    ['jobs that differ from the chain', report.differing.length],
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  return [
    ...rows.map(([name, value]) => `${name.padEnd(width)}  ${value}`),
    ...report.lanes.map(({ lane, outcome, detail }) => `lane ${lane}  ${outcome}  ${detail}`),
    ...report.differing.map((modelId) => `differs  model ${oneLine(modelId)}`),
    ...(dryRun ? ['dry run: nothing was written'] : []),
  ].join('\n');
}

/** Whether something is left that the rebuild could not put right. */
export function isIncomplete({ differing, lanes }: RebuildReport): boolean {
  return differing.length > 0 || lanes.some(({ outcome }) => outcome === 'ahead' || outcome === 'waiting');
}
