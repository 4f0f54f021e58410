import type { Checklist } from '../checks/checklist.js';
import type { Namespace } from './namespace.js';
import { TerminationLog, pods, waitForPods } from './pods.js';
import type { Release } from './release.js';
import type { Traffic } from './traffic.js';

/** An upgrade to other values and the way back, both while messages come in. */
export async function checkUpgrade(
  list: Checklist,
  namespace: Namespace,
  release: Release,
  traffic: Traffic,
): Promise<void> {
  const endings = new TerminationLog(namespace);
  try {
    const before = await pods(namespace);
    await traffic.during(() => release.upgrade());
    const after = await waitForPods(namespace, 2, 'ready', ({ ready, terminating }) => ready && !terminating);
    const replaced = before.every(({ name }) => !after.some((pod) => pod.name === name));
    list.check(
      'an upgrade replaces every pod',
      replaced,
      after.map(({ name }) => name),
    );
    await report(list, traffic, 'no message is lost or done twice by the upgrade');
    const tested = await release.test().then(
      () => null,
      (error: unknown) => error,
    );
    list.check('the test of the chart passes', tested === null, tested);

    await traffic.during(() => release.rollback());
    await waitForPods(namespace, 2, 'ready', ({ ready, terminating }) => ready && !terminating);
    await report(list, traffic, 'nor by a rollback');
    const ended = [...before, ...after].map(({ name }) => endings.of(name));
    list.check(
      'every pod that was replaced ended by itself, with 0',
      ended.every((code) => code === 0),
      ended,
    );
  } finally {
    await endings.close();
  }
}

/** Counts everything that was pushed so far. */
export async function report(list: Checklist, traffic: Traffic, what: string): Promise<void> {
  const violations = await traffic.violations();
  list.check(`${what} (${traffic.count} so far)`, violations.length === 0, violations);
}
