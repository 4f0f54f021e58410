import type { RebuildReport } from '#reconciliation';
import { escapeControlCharacters } from '../escape-control-characters.js';

/** Formats a rebuild report as text. */
export function formatRebuild(report: RebuildReport): string {
  const { dryRun, finalBlock, tokens, foreignTokens, restored, present, open, published, eventsMissing } = report;
  const { differing, adoptable, adoptableModels, unadoptable } = report;
  const rows: readonly (readonly [string, number | string])[] = [
    ['tokens on chain', `${tokens} up to final block ${finalBlock}, ${foreignTokens} of other deployers`],
    [dryRun ? 'jobs to restore' : 'jobs restored', restored],
    ['jobs that were there', present],
    ['jobs being worked on', open],
    ['events published', published],
    ['events not known to be published', eventsMissing],
    ['jobs that differ from the chain', differing.length],
    ['tokens that wait for their message', adoptable],
    ['tokens that their message cannot get', unadoptable.length],
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  return [
    ...rows.map(([name, value]) => `${name.padEnd(width)}  ${value}`),
    ...report.lanes.map(({ lane, outcome, detail }) => `lane ${lane}  ${outcome}  ${detail}`),
    ...differing.map((modelId) => `differs  model ${escapeControlCharacters(modelId)}`),
    ...adoptableModels.map((modelId) => `adoptable  model ${escapeControlCharacters(modelId)}`),
    ...(adoptable > adoptableModels.length ? [`and ${adoptable - adoptableModels.length} more`] : []),
    ...unadoptable.map((modelId) => `unadoptable  model ${escapeControlCharacters(modelId)}`),
    ...(dryRun ? ['dry run: nothing was written'] : []),
  ].join('\n');
}

/** True when discrepancies remain. */
export function isIncomplete({ differing, unadoptable, lanes }: RebuildReport): boolean {
  return (
    differing.length + unadoptable.length > 0 ||
    lanes.some(({ outcome }) => outcome === 'ahead' || outcome === 'waiting')
  );
}
