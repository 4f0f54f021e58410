import { until } from '../../test/support/until.js';
import type { Checklist } from '../checks/checklist.js';
import { at, list as elements } from '../chart/kubernetes-object.js';
import type { Namespace } from './namespace.js';
import { RELEASE, type Release } from './release.js';

/** More than the time that a pod gets to end. */
const TIMEOUT = { timeoutMs: 90_000, everyMs: 500 };

/** What an uninstallation leaves behind: nothing of the chart's. */
export async function checkUninstallation(list: Checklist, namespace: Namespace, release: Release): Promise<void> {
  await release.uninstall();
  const kinds = (await namespace.kubectl('api-resources', '--namespaced', '--verbs=list', '--output=name')).split('\n');
  const ofChart = ['--selector', `app.kubernetes.io/instance=${RELEASE}`];
  const objects = async (): Promise<readonly unknown[]> =>
    elements(at(await namespace.get(kinds.filter((kind) => kind !== '').join(), ...ofChart), 'items'));
  // The release is gone before its last pod has ended.
  const left = await until('nothing to be left', async () => (await objects()).length === 0, TIMEOUT).then(
    () => [],
    () => objects(),
  );
  const names = left.map((it) => `${String(at(it, 'kind'))} ${String(at(it, 'metadata', 'name'))}`);
  list.check('an uninstallation leaves nothing behind', names.length === 0, names);
}
