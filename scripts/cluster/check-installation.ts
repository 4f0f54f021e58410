import { until } from '../../test/support/until.js';
import type { Checklist } from '../checks/checklist.js';
import { at } from '../chart/kubernetes-object.js';
import { checkPod } from './check-pod.js';
import type { Namespace } from './namespace.js';
import { followNotes } from './follow-notes.js';
import { waitForPods } from './pods.js';
import type { Release } from './release.js';
import type { Traffic } from './traffic.js';

/** Another release beside the right one. */
const WRONG = 'wrong';

/** Steps 6 and 7 of docs/deployment.md, and a look at what is there then. */
export async function checkInstallation(
  list: Checklist,
  namespace: Namespace,
  release: Release,
  traffic: Traffic,
): Promise<void> {
  const notes = await release.install();
  const found = await waitForPods(namespace, 2, 'ready', ({ ready }) => ready);
  const restarts = found.map((pod) => pod.restarts);
  list.check(
    'the installation ends when all pods are ready, at their first start',
    restarts.join() === '0,0',
    restarts,
  );
  const [body = ''] = await followNotes(namespace, notes);
  const health: unknown = JSON.parse(body);
  list.check(
    'the commands of the notes, the test among them, lead to a healthy service',
    at(health, 'status') === 'healthy',
    body,
  );
  for (const { name } of found.slice(0, 1)) await checkPod(list, namespace, name);

  const reason = await reasonOf(namespace, release);
  list.check('a pod that cannot start says why in its status', /^.*factory/i.test(reason), reason);

  const model = await traffic.push();
  const [event] = await traffic.settled();
  list.check('a message becomes a token', event?.model_id === model, event?.model_id);
}

/** What the status of a pod says that cannot start. */
async function reasonOf(namespace: Namespace, release: Release): Promise<string> {
  await release.installInvalid(WRONG);
  const ended = ['lastState', 'state'].map((state) => ['status', 'containerStatuses', 0, state, 'terminated']);
  const terminated = await until(
    'a pod to end that cannot start',
    async () => {
      const pods = await namespace.get('pods', '--selector', `app.kubernetes.io/instance=${WRONG}`);
      return ended.map((path) => at(pods, 'items', 0, ...path)).find((found) => found !== undefined);
    },
    { timeoutMs: 120_000, everyMs: 500 },
  );
  await release.uninstall(WRONG);
  return JSON.stringify(at(terminated, 'message') ?? null);
}
