import { readFile } from 'node:fs/promises';
import { at } from '../chart/kubernetes-object.js';
import type { ChartTools } from '../chart/tools.js';
import type { ClusterOptions } from './cluster-options.js';

const COMPOSITION = 'docker-compose.yml';

const SECURITY = { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ['ALL'] } };

/** Port of Redis, and of anvil. */
export const REDIS_PORT = 6379;
export const ANVIL_PORT = 8545;

/** A disposable Redis and chain, under the names `redis` and `anvil`, with the settings of docker-compose.yml. */
export async function platform(tools: ChartTools, { redisImage, anvilImage }: ClusterOptions): Promise<object> {
  const [composition] = tools.parseAll(await readFile(COMPOSITION, 'utf8'));
  const composed = (name: string): string => String(at(composition, 'services', name, 'image'));
  const redis = ['redis-server', '--dir', '/tmp', '--save', '', '--appendonly', 'no', '--protected-mode', 'no'];
  const anvil = ['anvil', '--host', '0.0.0.0', '--block-time', '1', '--prune-history', '256', '--quiet'];
  const items = [
    ...server('redis', REDIS_PORT, redisImage ?? composed('redis'), [...redis, '--maxmemory-policy', 'noeviction']),
    ...server('anvil', ANVIL_PORT, anvilImage ?? composed('anvil'), anvil),
  ];
  return { apiVersion: 'v1', kind: 'List', items };
}

function server(name: string, port: number, image: string, command: readonly string[]): readonly object[] {
  const labels = { app: name };
  const container = {
    name,
    image,
    command,
    env: [{ name: 'HOME', value: '/tmp' }],
    ports: [{ containerPort: port }],
    readinessProbe: { tcpSocket: { port }, periodSeconds: 1 },
    securityContext: SECURITY,
    volumeMounts: [{ name: 'tmp', mountPath: '/tmp' }],
  };
  const pod = {
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    securityContext: {
      runAsNonRoot: true,
      runAsUser: 1000,
      runAsGroup: 1000,
      fsGroup: 1000,
      seccompProfile: { type: 'RuntimeDefault' },
    },
    containers: [container],
    volumes: [{ name: 'tmp', emptyDir: {} }],
  };
  return [
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name },
      spec: { selector: { matchLabels: labels }, template: { metadata: { labels }, spec: pod } },
    },
    { apiVersion: 'v1', kind: 'Service', metadata: { name }, spec: { selector: labels, ports: [{ port }] } },
  ];
}
