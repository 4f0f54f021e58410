import type { ProducerClient } from '../../test/support/redis/producer-client.js';
import type { ChartTools } from '../chart/tools.js';
import { at, list as elements } from '../chart/kubernetes-object.js';
import type { Checklist } from '../checks/checklist.js';
import { report } from './check-upgrade.js';
import { runJob, set } from './run-job.js';
import type { Namespace } from './namespace.js';
import { waitForPods } from './pods.js';
import type { Release } from './release.js';
import type { Traffic } from './traffic.js';

const JOB = 'docs/ledger-rebuild.yaml';

interface RecoveryCheck {
  readonly namespace: Namespace;
  readonly tools: ChartTools;
  readonly image: string;
  readonly release: Release;
  readonly traffic: Traffic;
  readonly queue: ProducerClient;
}

/** "After a loss of Redis" of docs/recovery.md. */
export async function checkRecovery(list: Checklist, scene: RecoveryCheck): Promise<void> {
  const { namespace, tools, image, release, traffic, queue } = scene;
  await traffic.settled();
  await release.scale(0);
  await waitForPods(namespace, 0, 'left', () => true);
  await queue.redis.flushall();
  const log = await runJob(namespace, tools, JOB, image, (container) => {
    const file = elements(at(container, 'command')).filter((word) => word !== '--dry-run');
    set(container, 'command', [...file, '--publish-missing']);
  });
  const restored = /^jobs restored +(\d+)$/m.exec(log)?.[1];
  list.check('the rebuild, by its job, needs no pod of the service', restored === String(traffic.count), log);

  await release.scale(2);
  await waitForPods(namespace, 2, 'ready', ({ ready, terminating }) => ready && !terminating);
  await traffic.push();
  await report(list, traffic, 'nor by a loss of Redis');
}
