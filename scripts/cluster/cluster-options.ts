import { parseArgs } from 'node:util';

/** What the command line asks for. */
export interface ClusterOptions {
  /** Of the kubeconfig; never the current one by itself. */
  readonly context: string;
  readonly image: string;
  /** Those of docker-compose.yml when undefined. */
  readonly redisImage: string | undefined;
  readonly anvilImage: string | undefined;
}

const USAGE =
  'npm run check:cluster -- --context NAME --image REPOSITORY:TAG [--redis-image IMAGE] [--anvil-image IMAGE]';

/** @throws Error with one sentence for arguments that are missing or make no sense */
export function clusterOptions(args: readonly string[]): ClusterOptions {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    args: [...args],
    options: { context: text, image: text, 'redis-image': text, 'anvil-image': text },
  });
  const { context, image, 'redis-image': redisImage, 'anvil-image': anvilImage } = values;
  if (!context) throw new Error(`--context is required: the cluster to check in. ${USAGE}`);
  if (!image) throw new Error(`--image is required: the service's image, where the cluster finds it. ${USAGE}`);
  return { context, image, redisImage, anvilImage };
}
