import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { DEAD_LETTER_REASONS, HOLD_REASONS } from '#core';
import { Metrics, TelemetryModule } from '#telemetry';

/** A metric under one of the names that a scrape shows: a histogram has three. */
export interface ExportedMetric {
  readonly name: string;
  /** Values of every label of which there is a series at boot. */
  readonly labels: ReadonlyMap<string, ReadonlySet<string>>;
}

/** The metrics of a service that has just started, on their registry, those of the process included. */
export async function metricsAtBoot(): Promise<Metrics> {
  const telemetry = TelemetryModule.forRootAsync({
    useFactory: () => ({
      log: { level: 'fatal', secrets: [] },
      labels: { deadLetterReasons: DEAD_LETTER_REASONS, holdReasons: HOLD_REASONS, version: '0.0.0' },
    }),
  });
  const context = await NestFactory.createApplicationContext(telemetry, { logger: false });
  return context.get(Metrics);
}

/** By name. */
export async function exportedMetrics({ registry }: Metrics): Promise<ReadonlyMap<string, ExportedMetric>> {
  const metrics = await registry.getMetricsAsJSON();
  const exported = metrics.flatMap(({ name, type, values }) => {
    const labels = labelsOf(values);
    const suffixes = String(type) === 'histogram' ? ['_bucket', '_sum', '_count'] : [''];
    return suffixes.map((suffix) => ({ name: `${name}${suffix}`, labels }));
  });
  return new Map(exported.map((metric) => [metric.name, metric]));
}

function labelsOf(series: readonly { readonly labels: object }[]): Map<string, Set<string>> {
  const labels = new Map<string, Set<string>>();
  for (const [label, value] of series.flatMap((one) => Object.entries(one.labels))) {
    labels.set(label, (labels.get(label) ?? new Set()).add(String(value)));
  }
  return labels;
}
