import { collectDefaultMetrics, type Registry } from 'prom-client';
import { METRICS_PREFIX } from './metrics.js';

/** Gauges whose names end like a counter's: `promtool check metrics` refuses them. */
const MISNAMED = ['nodejs_active_handles_total', 'nodejs_active_requests_total', 'nodejs_active_resources_total'];

/** Adds memory, CPU, event loop and garbage collection of the process. Once per process is enough. */
export function collectProcessMetrics(registry: Registry): void {
  collectDefaultMetrics({ register: registry, prefix: METRICS_PREFIX });
  for (const name of MISNAMED) registry.removeSingleMetric(METRICS_PREFIX + name);
}
