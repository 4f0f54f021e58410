import type { Checklist } from '../checks/checklist.js';
import type { Namespace } from './namespace.js';
import { evict, pods, waitForPods } from './pods.js';

/** What the disruption budget lets a drain do. Redis is gone afterwards. */
export async function checkDrain(list: Checklist, namespace: Namespace): Promise<void> {
  const evictAll = async (): Promise<readonly (string | null)[]> => {
    const answers: (string | null)[] = [];
    for (const { name } of await pods(namespace)) answers.push(await evict(namespace, name));
    return answers;
  };
  const [first, second] = await evictAll();
  list.check('a drain may take one pod', first === null, first);
  list.check('but not the second one before the first is back', /disruption budget/.test(second ?? ''), second);

  await waitForPods(namespace, 2, 'ready', ({ ready, terminating }) => ready && !terminating);
  await namespace.kubectl('scale', 'deployment/redis', '--replicas', '0');
  await waitForPods(namespace, 2, 'not ready', ({ ready }) => !ready);
  const answers = await evictAll();
  list.check(
    'without Redis no pod is ready, and a drain may take all',
    answers.every((it) => it === null),
    answers,
  );
}
