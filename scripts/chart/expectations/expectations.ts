import { CONFIGURATION } from './configuration.js';
import { MONITORING } from './monitoring.js';
import { NETWORK } from './network.js';
import { PODS } from './pods.js';
import type { Expectation } from './rendering.js';
import { REPLICAS } from './replicas.js';
import { SELECTORS } from './selectors.js';

/** All that holds for each example. */
export const EXPECTATIONS: readonly Expectation[] = [
  ...PODS,
  ...CONFIGURATION,
  ...NETWORK,
  ...REPLICAS,
  ...MONITORING,
  ...SELECTORS,
];
