import { isDeepStrictEqual } from 'node:util';
import { at, entries, type KubernetesObject, list } from './rendered.js';

/** Something that holds for what is rendered, whatever the values. */
interface Expectation {
  readonly what: string;
  readonly holds: (objects: readonly KubernetesObject[]) => boolean;
}

const RESTRICTED_CONTAINER = {
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  capabilities: { drop: ['ALL'] },
};

export const EXPECTATIONS: readonly Expectation[] = [
  {
    what: 'no secret is made',
    holds: (objects) => !objects.some(({ kind }) => kind === 'Secret'),
  },
  {
    what: 'every pod is as the restricted level of Pod Security asks, with a read-only root',
    holds: (objects) =>
      podSpecs(objects).length === 2 &&
      podSpecs(objects).every(
        (pod) =>
          at(pod, 'securityContext', 'runAsNonRoot') === true &&
          at(pod, 'securityContext', 'seccompProfile', 'type') === 'RuntimeDefault' &&
          containers(pod).every((it) => isDeepStrictEqual(at(it, 'securityContext'), RESTRICTED_CONTAINER)),
      ),
  },
  {
    what: 'no pod gets a token of its service account or the variables of services',
    holds: (objects) =>
      podSpecs(objects).every(
        (pod) => at(pod, 'automountServiceAccountToken') === false && at(pod, 'enableServiceLinks') === false,
      ),
  },
  {
    what: 'the test runs in the image of the service',
    holds: (objects) => new Set(podSpecs(objects).map((pod) => at(containers(pod)[0], 'image'))).size === 1,
  },
  {
    what: 'every secret is a file that a NAME_FILE variable names',
    holds: (objects) => {
      const variables = list(at(serviceContainer(objects), 'env'));
      const files = list(at(deployment(objects), 'spec', 'template', 'spec', 'volumes', 0, 'secret', 'items'));
      const folder = at(serviceContainer(objects), 'volumeMounts', 0, 'mountPath');
      const expected = files.map((file) => {
        const name = String(at(file, 'path'));
        return { name: `${name}_FILE`, value: `${String(folder)}/${name}` };
      });
      return files.length >= 3 && isDeepStrictEqual(variables, expected);
    },
  },
  {
    what: 'a list of tokens is where the service looks for it',
    holds: (objects) => {
      const path = at(ofKind(objects, 'ConfigMap'), 'data', 'OPS_API_TOKEN_LIST');
      const mount = list(at(serviceContainer(objects), 'volumeMounts')).find((it) => at(it, 'name') === 'ops-tokens');
      const volumes = list(at(deployment(objects), 'spec', 'template', 'spec', 'volumes'));
      const volume = volumes.find((it) => at(it, 'name') === 'ops-tokens');
      const file = `${String(at(mount, 'mountPath'))}/${String(at(volume, 'secret', 'items', 0, 'path'))}`;
      return mount === undefined ? path === undefined && volume === undefined : path === file;
    },
  },
  {
    what: 'the status of a pod says why it ended',
    holds: (objects) =>
      podSpecs(objects).every((pod) =>
        containers(pod).every((it) => at(it, 'terminationMessagePolicy') === 'FallbackToLogsOnError'),
      ),
  },
  {
    what: '/tmp can be written',
    holds: (objects) =>
      list(at(serviceContainer(objects), 'volumeMounts')).some((mount) => at(mount, 'mountPath') === '/tmp'),
  },
  {
    what: 'a pod is not killed before its time to end is over',
    holds: (objects) => {
      const pod = at(deployment(objects), 'spec', 'template', 'spec');
      const sleep = Number(at(serviceContainer(objects), 'lifecycle', 'preStop', 'exec', 'command', 1));
      const configMap = ofKind(objects, 'ConfigMap');
      const timeout = Number(at(configMap, 'data', 'SHUTDOWN_TIMEOUT'));
      return Number(at(pod, 'terminationGracePeriodSeconds')) > sleep + timeout;
    },
  },
  {
    what: 'either the deployment has a number of replicas, or one autoscaler sets it',
    holds: (objects) => {
      const scalers = objects.filter(({ kind }) => ['HorizontalPodAutoscaler', 'ScaledObject'].includes(kind));
      return scalers.length === (at(deployment(objects), 'spec', 'replicas') === undefined ? 1 : 0);
    },
  },
  {
    what: 'every selector selects the pods of the service and not that of the test',
    holds: (objects) => {
      const [service, test] = [at(deployment(objects), 'spec', 'template', 'metadata', 'labels'), testLabels(objects)];
      return selectors(objects).every((selector) => matches(selector, service) && !matches(selector, test));
    },
  },
  {
    what: 'a node can be drained while no pod is ready',
    holds: (objects) => {
      const budget = ofKind(objects, 'PodDisruptionBudget');
      return budget === undefined || at(budget, 'spec', 'unhealthyPodEvictionPolicy') === 'AlwaysAllow';
    },
  },
];

/** The first one. */
function ofKind(objects: readonly KubernetesObject[], wanted: string): unknown {
  return objects.find(({ kind }) => kind === wanted)?.body;
}

function deployment(objects: readonly KubernetesObject[]): unknown {
  return ofKind(objects, 'Deployment');
}

function podSpecs(objects: readonly KubernetesObject[]): readonly unknown[] {
  const pods = objects.filter(({ kind }) => kind === 'Pod').map(({ body }) => at(body, 'spec'));
  return [at(deployment(objects), 'spec', 'template', 'spec'), ...pods];
}

function containers(pod: unknown): readonly unknown[] {
  return list(at(pod, 'containers'));
}

function serviceContainer(objects: readonly KubernetesObject[]): unknown {
  return at(deployment(objects), 'spec', 'template', 'spec', 'containers', 0);
}

function testLabels(objects: readonly KubernetesObject[]): unknown {
  return at(ofKind(objects, 'Pod'), 'metadata', 'labels');
}

function selectors(objects: readonly KubernetesObject[]): readonly unknown[] {
  const places = ['selector', 'podSelector'].flatMap((key) => objects.map(({ body }) => at(body, 'spec', key)));
  return places.filter((found) => found !== undefined).map((found) => at(found, 'matchLabels') ?? found);
}

function matches(selector: unknown, labels: unknown): boolean {
  return entries(selector).every(([name, value]) => at(labels, name) === value);
}
