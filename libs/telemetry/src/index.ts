export * from './json-logger.js';
export * from './label-values.js';
export { type MetricLabels, Metrics } from './metrics.js';
export * from './request-context.js';
export * from './telemetry.module.js';
