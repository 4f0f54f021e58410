export * from './logging/json-logger.js';
export * from './metrics/metric-labels.js';
export { Metrics } from './metrics/metrics.js';
export { Redactor } from './logging/redactor.js';
export { REPLICA_ID } from './logging/replica-id.js';
export * from './logging/request-context.js';
export * from './telemetry.module.js';
