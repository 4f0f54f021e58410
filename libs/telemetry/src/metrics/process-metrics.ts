import { collectDefaultMetrics, type Registry } from 'prom-client';
import { METRICS_PREFIX } from './metrics.js';

/** Gauges whose names end like a counter's: `promtool check metrics` refuses them. */
const MISNAMED = ['nodejs_active_handles_total', 'nodejs_active_requests_total', 'nodejs_active_resources_total'];

/** V8's heap by its spaces: 27 series that say no more than the heap's size. */
const SPACES = ['total', 'used', 'available'].map((size) => `nodejs_heap_space_size_${size}_bytes`);

/** Seconds. */
const PAUSES = [0.01, 0.1, 1];

/** Adds memory, CPU, event loop and garbage collection of the process. Once per process is enough. */
export function collectProcessMetrics(registry: Registry): void {
  collectDefaultMetrics({ register: registry, prefix: METRICS_PREFIX, gcDurationBuckets: PAUSES });
  for (const name of [...MISNAMED, ...SPACES]) registry.removeSingleMetric(METRICS_PREFIX + name);
}
