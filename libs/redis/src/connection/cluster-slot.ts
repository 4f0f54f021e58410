import type { ConnectionOptions } from 'node:tls';
import { Redis } from 'ioredis';
import type { HostPort } from '../redis-settings.js';

/** How to speak to any node of the cluster. */
export interface ClusterAccess {
  /** User, password and scheme count, host and port do not. */
  readonly url: string;
  readonly options: {
    readonly connectTimeout: number;
    readonly commandTimeout: number;
    readonly tls?: ConnectionOptions;
  };
}

/**
 * The node that serves a key, according to the node that answers first: those that are down must not hold it up. A master
 * answers for its own slots and redirects for all others, a replica for all.
 * https://redis.io/docs/latest/operate/oss_and_stack/reference/cluster-spec/#redirection-and-resharding
 *
 * @throws Error of the first node, when none answers
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

/** ASK comes from the node that still owns the slot, while it hands it over. An empty host means the same host. */
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
