import type { ExportedMetric } from './exported-metrics.js';
import type { MetricUse } from './expressions.js';

/** What uses of metrics say that the service does not export, in sentences; nothing when all is true. */
export function unknownMetricUses(uses: readonly MetricUse[], exported: ReadonlyMap<string, ExportedMetric>): string[] {
  return [...new Set(uses.flatMap((use) => problemsOf(use, exported.get(use.name))))];
}

function problemsOf({ name, labels }: MetricUse, metric: ExportedMetric | undefined): readonly string[] {
  if (metric === undefined) return [`${name} is not exported`];
  return labels.flatMap(({ label, values }) => {
    const known = metric.labels.get(label);
    // A label whose values come up later, such as an account, has no series at boot.
    if (known === undefined) return metric.labels.size > 0 ? [`${name} has no label ${label}`] : [];
    return values.filter((value) => !known.has(value)).map((value) => `${name} has no ${label} "${value}"`);
  });
}
