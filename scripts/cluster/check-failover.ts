import type { Checklist } from '../checks/checklist.js';
import { report } from './check-upgrade.js';
import type { Namespace } from './namespace.js';
import { killProcess, pods, waitForPods } from './pods.js';
import type { Traffic } from './traffic.js';

/** Pods that end without a warning while messages come in. */
export async function checkFailover(list: Checklist, namespace: Namespace, traffic: Traffic): Promise<void> {
  await traffic.during(async () => {
    for (const { name } of await pods(namespace)) await killProcess(namespace, name);
    await waitForPods(namespace, 2, 'ready again', ({ ready, restarts }) => ready && restarts === 1);
  });
  await report(list, traffic, 'nor by kill -9 of every process, after which its container starts again');

  await traffic.during(async () => {
    const gone = (await pods(namespace)).map(({ name }) => name);
    await namespace.kubectl('delete', 'pod', ...gone, '--grace-period', '0', '--force');
    await waitForPods(namespace, 2, 'new and ready', ({ name, ready }) => ready && !gone.includes(name));
  });
  await report(list, traffic, 'nor by the loss of every pod');
}
