import { invoke } from './invoke.js';
import type { KubernetesObject } from './kubernetes-object.js';
import type { ChartTools } from './tools.js';

/** Where the types of an API group come from. */
const PACKAGES: Readonly<Record<string, string>> = {
  'monitoring.coreos.com': '@kubernetes-models/prometheus-operator',
  'keda.sh': '@kubernetes-models/keda',
  'gateway.networking.k8s.io': '@kubernetes-models/gateway-api',
  'external-secrets.io': '@kubernetes-models/external-secrets',
};

/**
 * Checks an object against the schema of its kind.
 *
 * @returns what is wrong with it, or null
 */
export async function typeErrorOf(tools: ChartTools, object: KubernetesObject): Promise<string | null> {
  const [group = ''] = object.apiVersion.split('/');
  const models = await tools.load(`${PACKAGES[group] ?? 'kubernetes-models'}/${object.apiVersion}`);
  const Model = models[object.kind];
  if (typeof Model !== 'function') return `there is no ${object.kind} in ${object.apiVersion}`;
  try {
    invoke(Reflect.construct(Model, [object.body]), 'validate');
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
