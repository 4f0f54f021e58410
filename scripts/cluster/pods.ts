import { TestProcess } from '../../test/support/process/test-process.js';
import { until } from '../../test/support/until.js';
import { at, list } from '../chart/kubernetes-object.js';
import type { Namespace } from './namespace.js';
import { RELEASE } from './release.js';

const SELECTOR = ['--selector', `app.kubernetes.io/instance=${RELEASE},app.kubernetes.io/component=deployer`];

/** One pod of the service. */
export interface Pod {
  readonly name: string;
  readonly ready: boolean;
  /** Whether Kubernetes is ending it. */
  readonly terminating: boolean;
  readonly restarts: number;
}

export async function pods(namespace: Namespace): Promise<readonly Pod[]> {
  const found = await namespace.get('pods', ...SELECTOR);
  return list(at(found, 'items')).map((pod) => ({
    name: String(at(pod, 'metadata', 'name')),
    ready: at(pod, 'status', 'containerStatuses', 0, 'ready') === true,
    terminating: at(pod, 'metadata', 'deletionTimestamp') !== undefined,
    restarts: Number(at(pod, 'status', 'containerStatuses', 0, 'restartCount') ?? 0),
  }));
}

/** Waits until exactly so many pods are there, all of which hold. */
export async function waitForPods(
  namespace: Namespace,
  count: number,
  what: string,
  holds: (pod: Pod) => boolean,
): Promise<readonly Pod[]> {
  return await until(
    `${count} pods that are ${what}`,
    async () => {
      const found = await pods(namespace);
      return found.length === count && found.every((pod) => holds(pod)) ? found : null;
    },
    { timeoutMs: 180_000, everyMs: 500 },
  );
}

/** Runs a program of Node in a pod. @returns what it printed, read as JSON */
export async function evaluate(namespace: Namespace, pod: string, program: string): Promise<unknown> {
  const printed = await namespace.kubectl('exec', pod, '--', 'node', '--eval', program);
  const answer: unknown = JSON.parse(printed || 'null');
  return answer;
}

/** Kills the service in a pod with kill -9, as the kernel does when memory ends. */
export async function killProcess(namespace: Namespace, pod: string): Promise<void> {
  const child = "require('fs').readFileSync('/proc/1/task/1/children', 'utf8')";
  await evaluate(namespace, pod, `process.kill(Number(${child}), 'SIGKILL')`);
}

/** Asks for a pod to leave its node, as a drain does. @returns why it may not, or null */
export async function evict(namespace: Namespace, pod: string): Promise<string | null> {
  const eviction = { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name: pod } };
  const path = `/api/v1/namespaces/${namespace.name}/pods/${pod}/eviction`;
  return await namespace.submit(eviction, 'create', '--raw', path).then(
    () => null,
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
}

/** Records the exit codes of containers while their pods exist. */
export class TerminationLog {
  private readonly codes = new Map<string, number>();
  private readonly child: TestProcess;

  constructor(namespace: Namespace) {
    const columns = 'NAME:.metadata.name,CODE:.status.containerStatuses[0].state.terminated.exitCode';
    const watch = ['get', 'pods', ...SELECTOR, '--watch', `--output=custom-columns=${columns}`];
    this.child = new TestProcess(...namespace.command('kubectl', watch), {
      onLine: (line) => {
        const [, pod = '', code] = /^(\S+)\s+(\d+)$/.exec(line) ?? [];
        if (code !== undefined) this.codes.set(pod, Number(code));
      },
    });
  }

  of(pod: string): number | undefined {
    return this.codes.get(pod);
  }

  async close(): Promise<void> {
    await this.child.stop();
  }
}
