import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Checklist } from '../checks/checklist.js';
import { FOLDER } from '../chart/chart.js';
import type { Namespace } from './namespace.js';

const RELEASE = 'examples';
/** What needs an operator that a cluster may not have, and how it is left out. */
const OPERATORS: Readonly<Record<string, readonly string[]>> = {
  'monitoring.coreos.com/v1': ['serviceMonitor.enabled=false', 'prometheusRule.enabled=false'],
  'keda.sh/v1alpha1': ['autoscaling.keda.enabled=false'],
};
/** KEDA refuses to scale what another autoscaler scales, and Helm deletes that one last: two upgrades, the first with none. */
const NO_AUTOSCALER = ['autoscaling.hpa.enabled=false', 'autoscaling.keda.enabled=false'];
/** No node has it: the API server is to judge the objects, and nothing to run. */
const NOWHERE = 'nodeSelector={"token-deployer/nowhere":"true"}';

/**
 * Installs the chart with its first example and upgrades it to each other in turn: the API server accepts all objects,
 * and each change from one to the next.
 */
export async function checkExamples(list: Checklist, namespace: Namespace): Promise<void> {
  const served = await namespace.kubectl('api-versions');
  const missing = Object.keys(OPERATORS).filter((group) => !served.split('\n').includes(group));
  for (const group of missing) list.skip(`objects of ${group}`, 'the cluster does not know them');
  const always = [NOWHERE, ...missing.flatMap((group) => OPERATORS[group] ?? [])];
  const force = (await namespace.helm(['version', '--short'])).startsWith('v3.') ? [] : ['--force-conflicts'];
  const upgrade = async (values: string, sets: readonly string[]): Promise<void> => {
    const further = [...always, ...sets].flatMap((set) => ['--set-json', set]);
    await namespace.helm(['upgrade', '--install', RELEASE, FOLDER, '--values', values, ...further, ...force]);
  };
  for (const name of (await readdir(join(FOLDER, 'ci'))).toSorted()) {
    const values = join(FOLDER, 'ci', name);
    const autoscaled = /^autoscaling:/m.test(await readFile(values, 'utf8'));
    const refusal = await (async () => {
      if (autoscaled) await upgrade(values, NO_AUTOSCALER);
      await upgrade(values, []);
    })().then(
      () => null,
      (error: unknown) => error,
    );
    list.check(`${name}: the API server accepts it, as an upgrade of the one before`, refusal === null, refusal);
  }
  await namespace.helm(['uninstall', RELEASE, '--wait']);
}
