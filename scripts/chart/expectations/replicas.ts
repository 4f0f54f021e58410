import { isDeepStrictEqual } from 'node:util';
import { at, merged } from '../kubernetes-object.js';
import { deployment, enabledAs, type Expectation, fullname, ofKind } from './rendering.js';

/** What the service reads where the values do not say. */
const QUEUE_NAME = 'hokusai:model_ready_queue';

export const REPLICAS: readonly Expectation[] = [
  {
    description: 'either the deployment has a number of replicas, or one autoscaler sets it',
    check: (rendering) => {
      const scalers = ['HorizontalPodAutoscaler', 'ScaledObject'].filter(
        (kind) => ofKind(rendering, kind) !== undefined,
      );
      const number = at(deployment(rendering), 'spec', 'replicas');
      return scalers.length === 0
        ? number === at(rendering.values, 'replicas')
        : scalers.length === 1 && number === undefined;
    },
  },
  {
    description: 'a HorizontalPodAutoscaler keeps the CPU of the deployment within its bounds',
    check: (rendering) => {
      const values = at(rendering.values, 'autoscaling', 'hpa');
      const target = { type: 'Utilization', averageUtilization: at(values, 'targetCPUUtilizationPercentage') };
      return enabledAs(at(values, 'enabled'), ofKind(rendering, 'HorizontalPodAutoscaler'), (object) =>
        isDeepStrictEqual(at(object, 'spec'), {
          scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: fullname(rendering) },
          minReplicas: at(values, 'minReplicas'),
          maxReplicas: at(values, 'maxReplicas'),
          metrics: [{ type: 'Resource', resource: { name: 'cpu', target } }],
        }),
      );
    },
  },
  {
    description:
      'KEDA keeps the messages that wait and those in processing within its bounds, and takes pods away with patience',
    check: (rendering) => {
      const values = at(rendering.values, 'autoscaling', 'keda');
      const queue = String(at(merged({ QUEUE_NAME }, at(rendering.values, 'config')), 'QUEUE_NAME'));
      const patience = { stabilizationWindowSeconds: at(values, 'scaleDownStabilizationWindowSeconds') };
      const messages = String(at(values, 'messagesPerReplica'));
      return enabledAs(at(values, 'enabled'), ofKind(rendering, 'ScaledObject'), (object) =>
        isDeepStrictEqual(at(object, 'spec'), {
          scaleTargetRef: { name: fullname(rendering) },
          minReplicaCount: at(values, 'minReplicas'),
          maxReplicaCount: at(values, 'maxReplicas'),
          advanced: {
            horizontalPodAutoscalerConfig: { behavior: { scaleDown: patience } },
            scalingModifiers: { formula: 'waiting + processing', target: messages, metricType: 'AverageValue' },
          },
          triggers: [trigger('processing', `${queue}:processing`, values), trigger('waiting', queue, values)],
        }),
      );
    },
  },
  {
    description: 'a node can be drained while no pod is ready, and one pod is away at a time otherwise',
    check: (rendering) => {
      const values = at(rendering.values, 'podDisruptionBudget');
      return enabledAs(
        at(values, 'enabled'),
        ofKind(rendering, 'PodDisruptionBudget'),
        (object) =>
          at(object, 'spec', 'unhealthyPodEvictionPolicy') === 'AlwaysAllow' &&
          at(object, 'spec', 'maxUnavailable') === at(values, 'maxUnavailable'),
      );
    },
  },
];

/** One list of Redis for KEDA to count. */
function trigger(name: string, listName: string, values: unknown): object {
  const authentication = at(values, 'authenticationRef');
  return {
    type: 'redis',
    name,
    metadata: {
      address: at(values, 'redis', 'address'),
      listName,
      listLength: String(at(values, 'messagesPerReplica')),
      databaseIndex: String(at(values, 'redis', 'databaseIndex')),
      enableTLS: String(at(values, 'redis', 'tls')),
    },
    ...(authentication !== '' && { authenticationRef: { name: authentication } }),
  };
}
