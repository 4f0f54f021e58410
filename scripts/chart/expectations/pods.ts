import { isDeepStrictEqual } from 'node:util';
import { at, entries, list } from '../kubernetes-object.js';
import {
  containers,
  deployment,
  type Expectation,
  fullname,
  hasMetadata,
  podSpecs,
  type Rendering,
  serviceContainer,
  setOrUndefined,
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
const PLACEMENT = [
  'imagePullSecrets',
  'priorityClassName',
  'nodeSelector',
  'tolerations',
  'affinity',
  'runtimeClassName',
  'schedulerName',
  'dnsPolicy',
  'dnsConfig',
  'hostAliases',
];
/** Additions of the values, and where in the pod they stand. */
const ADDITIONS: readonly (readonly [value: string, place: (pod: unknown) => unknown])[] = [
  ['extraVolumes', (pod) => at(pod, 'volumes')],
  ['extraVolumeMounts', (pod) => at(containers(pod)[0], 'volumeMounts')],
  ['extraContainers', (pod) => at(pod, 'containers')],
  ['initContainers', (pod) => at(pod, 'initContainers')],
];

export const POD_EXPECTATIONS: readonly PodExpectation[] = [
  {
    description: 'is as the restricted level of Pod Security asks, with a read-only root',
    check: (pod) =>
      at(pod, 'securityContext', 'runAsNonRoot') === true &&
      at(pod, 'securityContext', 'seccompProfile', 'type') === 'RuntimeDefault' &&
      contains(at(containers(pod)[0], 'securityContext'), RESTRICTED_CONTAINER),
  },
  {
    description: 'gets no token of its service account and no variables of services',
    check: (pod) => at(pod, 'automountServiceAccountToken') === false && at(pod, 'enableServiceLinks') === false,
  },
  {
    description: 'says in its status why it ended',
    check: (pod) => at(containers(pod)[0], 'terminationMessagePolicy') === 'FallbackToLogsOnError',
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
          PLACEMENT.every((field) => isDeepStrictEqual(at(pod, field), setOrUndefined(at(rendering.values, field)))),
      ),
  },
  {
    description: 'a start may take as long, and a process may be silent for as long, as the values say',
    check: (rendering) => hasProbe(rendering, 'startup', 'live') && hasProbe(rendering, 'liveness', 'live'),
  },
  {
    description: 'a pod that is not ready gets no request',
    check: (rendering) => hasProbe(rendering, 'readiness', 'ready'),
  },
  {
    description: "the pods have the additions of the values, after what is the chart's own",
    check: (rendering) =>
      ADDITIONS.every(([value, place]) => {
        const added = list(at(rendering.values, value));
        return isDeepStrictEqual(list(place(podSpecs(rendering)[0])).slice(-added.length || Infinity), added);
      }),
  },
  {
    description: 'every object has the common labels and annotations',
    check: ({ objects, values }) => {
      const common = { labels: at(values, 'commonLabels'), annotations: at(values, 'commonAnnotations') };
      const own = objects.filter(({ body }) => !String(at(body, 'metadata', 'name')).includes('-extra'));
      return own.every(({ body }) => hasMetadata(body, { ...common, namespace: at(body, 'metadata', 'namespace') }));
    },
  },
  {
    description: "user and group are the chart's own, and on OpenShift those of the namespace",
    check: (rendering) => {
      const user = at(rendering.values, 'openshift', 'enabled') === true ? undefined : 1000;
      const fields = ['runAsUser', 'runAsGroup', 'fsGroup'];
      return podSpecs(rendering).every((pod) => fields.every((field) => at(pod, 'securityContext', field) === user));
    },
  },
  {
    description: "the security contexts of the values are added to the chart's own",
    check: (rendering) =>
      podSpecs(rendering).every(
        (pod) =>
          contains(at(pod, 'securityContext'), at(rendering.values, 'podSecurityContext')) &&
          contains(at(containers(pod)[0], 'securityContext'), at(rendering.values, 'securityContext')),
      ),
  },
  {
    description: 'further objects are part of the release, and text in them is a template',
    check: ({ objects, values }) => {
      const extra = objects.filter(({ body }) => String(at(body, 'metadata', 'name')).includes('-extra'));
      return (
        extra.length === list(at(values, 'extraObjects')).length &&
        extra.every(({ body }) => String(at(body, 'metadata', 'name')).startsWith('release-'))
      );
    },
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
    description: 'a new pod is ready before an old one goes, unless the values say otherwise',
    check: (rendering) =>
      isDeepStrictEqual(
        at(deployment(rendering), 'spec', 'strategy'),
        setOrUndefined(at(rendering.values, 'strategy')) ?? {
          type: 'RollingUpdate',
          rollingUpdate: { maxSurge: 1, maxUnavailable: 0 },
        },
      ),
  },
  {
    description: 'the deployment has the history and the annotations of the values',
    check: (rendering) =>
      at(deployment(rendering), 'spec', 'revisionHistoryLimit') === at(rendering.values, 'revisionHistoryLimit') &&
      hasMetadata(deployment(rendering), { annotations: at(rendering.values, 'deploymentAnnotations') }),
  },
];

function serviceAccount(rendering: Rendering): unknown {
  const [name, create] = ['name', 'create'].map((key) => at(rendering.values, 'serviceAccount', key));
  return name || (create === true ? fullname(rendering) : 'default');
}

function image({ values, appVersion }: Rendering): string {
  const [name, tag, digest] = ['repository', 'tag', 'digest'].map((key) => String(at(values, 'image', key)));
  const registry = String(at(values, 'global', 'imageRegistry') || at(values, 'image', 'registry'));
  const repository = registry ? `${registry}/${name}` : name;
  return digest ? `${repository}@${digest}` : `${repository}:${tag || appVersion}`;
}

/** Whether the service's probe asks the route with the timing of the values. */
function hasProbe(rendering: Rendering, name: string, route: string): boolean {
  const probe = at(serviceContainer(rendering), `${name}Probe`);
  const timing = Object.fromEntries(entries(at(rendering.values, 'probes', name)));
  return isDeepStrictEqual(probe, { httpGet: { path: `/health/${route}`, port: 'http' }, ...timing });
}

/** Whether an object has all of the fields of another. */
function contains(object: unknown, fields: unknown): boolean {
  return entries(fields).every(([name, value]) => isDeepStrictEqual(at(object, name), value));
}
