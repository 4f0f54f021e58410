import { isDeepStrictEqual } from 'node:util';
import { at, list } from '../kubernetes-object.js';
import {
  containers,
  deployment,
  type Expectation,
  fullname,
  podSpecs,
  type Rendering,
  serviceContainer,
  template,
  variables,
} from './rendering.js';

/** Something that holds for every pod, also for those of jobs. */
interface PodExpectation {
  readonly description: string;
  readonly check: (pod: unknown) => boolean;
}

const RESTRICTED_CONTAINER = {
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  capabilities: { drop: ['ALL'] },
};
const PLACEMENT = ['imagePullSecrets', 'priorityClassName', 'nodeSelector', 'tolerations', 'affinity'];

export const POD_EXPECTATIONS: readonly PodExpectation[] = [
  {
    description: 'is as the restricted level of Pod Security asks, with a read-only root',
    check: (pod) =>
      at(pod, 'securityContext', 'runAsNonRoot') === true &&
      at(pod, 'securityContext', 'seccompProfile', 'type') === 'RuntimeDefault' &&
      containers(pod).length === 1 &&
      containers(pod).every((it) => isDeepStrictEqual(at(it, 'securityContext'), RESTRICTED_CONTAINER)),
  },
  {
    description: 'gets no token of its service account and no variables of services',
    check: (pod) => at(pod, 'automountServiceAccountToken') === false && at(pod, 'enableServiceLinks') === false,
  },
  {
    description: 'says in its status why it ended',
    check: (pod) => containers(pod).every((it) => at(it, 'terminationMessagePolicy') === 'FallbackToLogsOnError'),
  },
];

export const PODS: readonly Expectation[] = [
  ...POD_EXPECTATIONS.map(({ description, check }) => ({
    description: `every pod ${description}`,
    check: (rendering: Rendering) => podSpecs(rendering).every((pod) => check(pod)),
  })),
  {
    description: 'every pod runs the image of the values: by digest where there is one, else by tag',
    check: (rendering) => podSpecs(rendering).every((pod) => at(containers(pod)[0], 'image') === image(rendering)),
  },
  {
    description: 'every pod runs where the values say, under the service account',
    check: (rendering) =>
      podSpecs(rendering).every(
        (pod) =>
          at(pod, 'serviceAccountName') === serviceAccount(rendering) &&
          PLACEMENT.every((field) => isDeepStrictEqual(at(pod, field), wanted(at(rendering.values, field)))),
      ),
  },
  {
    description: 'a start may take two minutes, and a process that has not answered for one is started again',
    check: (rendering) => {
      const http = { path: '/health/live', port: 'http' };
      return (
        isDeepStrictEqual(at(serviceContainer(rendering), 'startupProbe'), probe(http, 2, 2, 60)) &&
        isDeepStrictEqual(at(serviceContainer(rendering), 'livenessProbe'), probe(http, 10, 5, 6))
      );
    },
  },
  {
    description: 'a pod that is not ready gets no request, and has more time to say so than a look at Redis takes',
    check: (rendering) =>
      isDeepStrictEqual(
        at(serviceContainer(rendering), 'readinessProbe'),
        probe({ path: '/health/ready', port: 'http' }, 5, 3, 2),
      ),
  },
  {
    description: '/tmp can be written',
    check: (rendering) =>
      list(at(serviceContainer(rendering), 'volumeMounts')).some((mount) => at(mount, 'mountPath') === '/tmp'),
  },
  {
    description: 'a pod is not killed before its time to end is over',
    check: (rendering) => {
      const sleep = Number(at(serviceContainer(rendering), 'lifecycle', 'preStop', 'exec', 'command', 1));
      const timeout = Number(at(variables(rendering), 'SHUTDOWN_TIMEOUT'));
      return Number(at(template(rendering), 'spec', 'terminationGracePeriodSeconds')) > sleep + timeout;
    },
  },
  {
    description: 'a new pod is ready before an old one goes',
    check: (rendering) =>
      isDeepStrictEqual(at(deployment(rendering), 'spec', 'strategy'), {
        type: 'RollingUpdate',
        rollingUpdate: { maxSurge: 1, maxUnavailable: 0 },
      }),
  },
];

function serviceAccount(rendering: Rendering): unknown {
  const [name, create] = ['name', 'create'].map((key) => at(rendering.values, 'serviceAccount', key));
  return name || (create === true ? fullname(rendering) : 'default');
}

function image({ values, appVersion }: Rendering): string {
  const [repository, tag, digest] = ['repository', 'tag', 'digest'].map((key) => String(at(values, 'image', key)));
  return digest ? `${repository}@${digest}` : `${repository}:${tag || appVersion}`;
}

/** What is empty is not rendered. */
function wanted(value: unknown): unknown {
  return Object.keys(value ?? {}).length === 0 ? undefined : value;
}

function probe(httpGet: object, periodSeconds: number, timeoutSeconds: number, failureThreshold: number): object {
  return { httpGet, periodSeconds, timeoutSeconds, failureThreshold };
}
