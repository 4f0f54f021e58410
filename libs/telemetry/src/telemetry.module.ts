import { type DynamicModule, type FactoryProvider, Module } from '@nestjs/common';
import { JsonLogger, type JsonLoggerOptions } from './logging/json-logger.js';
import { type MetricLabels, Metrics } from './metrics/metrics.js';
import { collectProcessMetrics } from './metrics/process-metrics.js';
import { RequestContext } from './logging/request-context.js';

export interface TelemetryOptions {
  readonly log: JsonLoggerOptions;
  readonly labels: MetricLabels;
}

const TELEMETRY_OPTIONS = Symbol('TelemetryOptions');

/** Provides Metrics, JsonLogger and RequestContext to all modules. */
@Module({})
export class TelemetryModule {
  static forRootAsync(options: Pick<FactoryProvider<TelemetryOptions>, 'inject' | 'useFactory'>): DynamicModule {
    return {
      module: TelemetryModule,
      global: true,
      providers: [
        RequestContext,
        { ...options, provide: TELEMETRY_OPTIONS },
        {
          provide: Metrics,
          inject: [TELEMETRY_OPTIONS],
          useFactory: ({ labels }: TelemetryOptions) => {
            const metrics = new Metrics(labels);
            collectProcessMetrics(metrics.registry);
            return metrics;
          },
        },
        {
          provide: JsonLogger,
          inject: [TELEMETRY_OPTIONS, RequestContext],
          useFactory: ({ log }: TelemetryOptions, requests: RequestContext) => new JsonLogger(log, requests),
        },
      ],
      exports: [Metrics, JsonLogger, RequestContext],
    };
  }
}
