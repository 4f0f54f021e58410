export * from './json-logger.js';
export * from './label-values.js';
export { Metrics } from './metrics.js';
export { Redactor } from './redactor.js';
export * from './request-context.js';
export * from './telemetry.module.js';
