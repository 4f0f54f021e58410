import type { ConnectionOptions } from 'node:tls';
import { Redis } from 'ioredis';
import type { HostPort } from '../redis-settings.js';

/** Connection options for every cluster node. */
export interface ClusterAccess {
  /** Only user, password and scheme apply. */
  readonly url: string;
  readonly options: {
    readonly connectTimeout: number;
    readonly commandTimeout: number;
    readonly tls?: ConnectionOptions;
  };
}

/**
 * Returns the node that serves a key, from the first reply of any node. Masters redirect for foreign slots, replicas
 * for all. https://redis.io/docs/latest/operate/oss_and_stack/reference/cluster-spec/#redirection-and-resharding
 *
 * @throws Error of the first node when no node replies
 */
export async function findSlotOwner(nodes: readonly HostPort[], key: string, access: ClusterAccess): Promise<HostPort> {
  try {
    return await Promise.any(nodes.map(async (node) => await askNode(node, key, access)));
  } catch (error) {
    throw error instanceof AggregateError ? error.errors[0] : error;
  }
}

async function askNode(node: HostPort, key: string, access: ClusterAccess): Promise<HostPort> {
  const redis = new Redis(urlOf(node, access.url), { ...access.options, retryStrategy: null, enableReadyCheck: false });
  let failure: Error | undefined;
  redis.on('error', (error: Error) => (failure ??= error));
  try {
    await redis.type(key);
    return node;
  } catch (error) {
    const redirection = error instanceof Error ? redirectionOf(error.message, node) : undefined;
    if (redirection === undefined) throw failure ?? error;
    return redirection;
  } finally {
    redis.disconnect();
  }
}

/** ASK is a redirect during a slot migration. An empty host means the same host. */
function redirectionOf(message: string, node: HostPort): HostPort | undefined {
  if (message.startsWith('ASK ')) return node;
  const [, host, port] = /^MOVED \d+ (.*):(\d+)$/.exec(message) ?? [];
  return port === undefined ? undefined : { host: host || node.host, port: Number(port) };
}

function urlOf({ host, port }: HostPort, url: string): string {
  const result = new URL(url);
  result.host = `${host.includes(':') ? `[${host}]` : host}:${port}`;
  return result.href;
}
