import { isDeepStrictEqual } from 'node:util';
import { at, list } from '../kubernetes-object.js';
import {
  enabledAs,
  type Expectation,
  fullname,
  hasMetadata,
  matches,
  ofKind,
  type Rendering,
  serviceContainer,
  template,
} from './rendering.js';

const DNS = {
  ports: [
    { port: 53, protocol: 'UDP' },
    { port: 53, protocol: 'TCP' },
  ],
};

export const NETWORK: readonly Expectation[] = [
  {
    description: 'the service leads to the port that the process listens on',
    check: (rendering) => {
      const port = { name: 'http', port: at(rendering.values, 'service', 'port'), targetPort: 'http' };
      return (
        isDeepStrictEqual(at(ofKind(rendering, 'Service'), 'spec', 'ports'), [port]) &&
        at(ofKind(rendering, 'Service'), 'spec', 'type') === at(rendering.values, 'service', 'type') &&
        hasMetadata(ofKind(rendering, 'Service'), at(rendering.values, 'service')) &&
        isDeepStrictEqual(at(serviceContainer(rendering), 'ports'), [{ name: 'http', containerPort: 3000 }])
      );
    },
  },
  {
    description: 'an Ingress leads every host to the service',
    check: (rendering) => {
      const values = at(rendering.values, 'ingress');
      const backend = { service: { name: fullname(rendering), port: { name: 'http' } } };
      const http = { paths: [{ path: '/', pathType: 'Prefix', backend }] };
      return enabledAs(
        at(values, 'enabled'),
        ofKind(rendering, 'Ingress'),
        (object) =>
          hasMetadata(object, values) &&
          isDeepStrictEqual(at(object, 'spec'), {
            ingressClassName: at(values, 'className'),
            tls: at(values, 'tls'),
            rules: list(at(values, 'hosts')).map((host) => ({ host, http })),
          }),
      );
    },
  },
  {
    description: 'an HTTPRoute leads every host of its gateways to the service',
    check: (rendering) => {
      const values = at(rendering.values, 'httpRoute');
      const rule = { matches: [{ path: { type: 'PathPrefix', value: '/' } }] };
      const backendRefs = [{ name: fullname(rendering), port: at(rendering.values, 'service', 'port') }];
      return enabledAs(
        at(values, 'enabled'),
        ofKind(rendering, 'HTTPRoute'),
        (object) =>
          hasMetadata(object, values) &&
          isDeepStrictEqual(at(object, 'spec'), {
            parentRefs: at(values, 'parentRefs'),
            hostnames: at(values, 'hostnames'),
            rules: [{ ...rule, backendRefs }],
          }),
      );
    },
  },
  {
    description: 'a network policy lets the test and the named peers in, to that port only',
    check: policy((spec, rendering) => {
      const [rule, ...others] = list(at(spec, 'ingress'));
      const [test, ...peers] = list(at(rule, 'from'));
      return (
        others.length === 0 &&
        matches(at(test, 'podSelector', 'matchLabels'), at(ofKind(rendering, 'Pod'), 'metadata', 'labels')) &&
        isDeepStrictEqual(peers, at(rendering.values, 'networkPolicy', 'ingressFrom')) &&
        isDeepStrictEqual(at(rule, 'ports'), [{ port: 'http' }])
      );
    }),
  },
  {
    description: 'a network policy lets the pods out to names, Redis, the RPC endpoints and what else is named',
    check: policy((spec, { values }) => {
      const redis = peersOf(at(values, 'networkPolicy', 'redis'));
      const rpc = peersOf(at(values, 'networkPolicy', 'rpc'));
      const further = list(at(values, 'networkPolicy', 'extraEgress'));
      return isDeepStrictEqual(at(spec, 'egress'), [DNS, redis, rpc, ...further]);
    }),
  },
  {
    description: 'a network policy is for the pods of the service, both ways',
    check: policy(
      (spec, rendering) =>
        isDeepStrictEqual(at(spec, 'policyTypes'), ['Ingress', 'Egress']) &&
        matches(at(spec, 'podSelector', 'matchLabels'), at(template(rendering), 'metadata', 'labels')),
    ),
  },
];

function policy(holds: (spec: unknown, rendering: Rendering) => boolean): (rendering: Rendering) => boolean {
  return (rendering) =>
    enabledAs(at(rendering.values, 'networkPolicy', 'enabled'), ofKind(rendering, 'NetworkPolicy'), (object) =>
      holds(at(object, 'spec'), rendering),
    );
}

/** One rule; without peers for any. */
function peersOf(value: unknown): object {
  const peers = list(at(value, 'to'));
  return {
    ports: list(at(value, 'ports')).map((port) => ({ port })),
    ...(peers.length > 0 && { to: peers }),
  };
}
