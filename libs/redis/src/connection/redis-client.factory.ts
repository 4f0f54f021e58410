import type { ConnectionOptions } from 'node:tls';
import { type CommonRedisOptions, Redis, type SentinelConnectionOptions } from 'ioredis';
import { clusterConnector } from './cluster-connector.js';
import { endsConnection } from '../redis.errors.js';
import type { RedisSettings } from '../redis-settings.js';

interface ClientOptions {
  readonly name: string;
  /** In Redis Cluster: a key in the only slot that is used. */
  readonly homeKey: string;
  /** Milliseconds until a command without reply, and its socket, are given up; undefined: never. */
  readonly timeoutMs?: number;
}

/**
 * Opens one connection, whatever the shape of Redis: to the server of the URL, to the master that the sentinels name, or to
 * the node of the cluster that serves the slot of the home key. One connection is enough for a cluster, as all keys of a
 * process share a slot, and it behaves in outages as every other does.
 */
export function openClient(settings: RedisSettings, { name, homeKey, timeoutMs }: ClientOptions): Redis {
  const tls = tlsOptions(settings);
  return new Redis(settings.url, {
    ...BASE,
    connectionName: `token-deployer:${name}`,
    connectTimeout: settings.connectTimeoutMs,
    ...(tls === undefined ? {} : { tls }),
    ...(timeoutMs === undefined ? {} : timeouts(timeoutMs)),
    ...sentinelOptions(settings, tls),
    ...clusterOptions(settings, tls, homeKey),
  });
}

// `replyMapping` is named because the constructor's overloads turn on it; the value is the default.
const BASE: CommonRedisOptions & { replyMapping: 'legacy' } = {
  replyMapping: 'legacy',
  enableOfflineQueue: false,
  // With another value ioredis sends what was unanswered again after a reset, a blocking command included. Both are
  // needed: without the first one, promises of unanswered commands stay pending for ever.
  maxRetriesPerRequest: 0,
  autoResendUnfulfilledCommands: false,
  reconnectOnError: endsConnection,
  // A Redis that loads its data is asked again by what it guesses to need still; it guesses badly.
  maxLoadingRetryTime: 1_000,
  retryStrategy: (times) => Math.min(50 * 2 ** Math.min(times, 6), 2_000) + Math.random() * 200,
};

// The socket goes first, so that a command that is sent again does not meet the same dead socket.
function timeouts(ms: number): { readonly socketTimeout: number; readonly commandTimeout: number } {
  return { socketTimeout: ms, commandTimeout: ms + 250 };
}

function tlsOptions({ url, tlsCa, tlsCert, tlsKey, tlsServername }: RedisSettings): ConnectionOptions | undefined {
  if (!url.startsWith('rediss://')) return undefined;
  return {
    ...(tlsCa ? { ca: tlsCa } : {}),
    ...(tlsCert ? { cert: tlsCert } : {}),
    ...(tlsKey ? { key: tlsKey } : {}),
    ...(tlsServername ? { servername: tlsServername } : {}),
  };
}

type SentinelOptions = Pick<
  SentinelConnectionOptions,
  'sentinels' | 'name' | 'sentinelPassword' | 'sentinelTLS' | 'enableTLSForSentinelMode' | 'sentinelCommandTimeout'
>;

/** With `rediss://` the sentinels are spoken to by TLS as well. */
function sentinelOptions(settings: RedisSettings, tls: ConnectionOptions | undefined): SentinelOptions {
  const { sentinels, sentinelMaster, sentinelPassword, connectTimeoutMs } = settings;
  if (!sentinels) return {};
  return {
    sentinels: [...sentinels],
    ...(sentinelMaster ? { name: sentinelMaster } : {}),
    ...(sentinelPassword ? { sentinelPassword } : {}),
    ...(tls === undefined ? {} : { sentinelTLS: tls, enableTLSForSentinelMode: true }),
    // A sentinel that accepts the connection and is silent.
    sentinelCommandTimeout: connectTimeoutMs,
  };
}

function clusterOptions(
  settings: RedisSettings,
  tls: ConnectionOptions | undefined,
  homeKey: string,
): Pick<CommonRedisOptions, 'Connector'> {
  const { clusterNodes, url, connectTimeoutMs } = settings;
  if (!clusterNodes) return {};
  const options = {
    connectTimeout: connectTimeoutMs,
    commandTimeout: connectTimeoutMs,
    ...(tls === undefined ? {} : { tls }),
  };
  return { Connector: clusterConnector({ nodes: clusterNodes, key: homeKey, url, options }) };
}
