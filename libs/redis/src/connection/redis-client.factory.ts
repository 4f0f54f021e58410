import type { ConnectionOptions } from 'node:tls';
import { type CommonRedisOptions, Redis, type SentinelConnectionOptions } from 'ioredis';
import { clusterConnector } from './cluster-connector.js';
import { endsConnection } from '../redis.errors.js';
import type { RedisSettings } from '../redis-settings.js';

interface ClientOptions {
  readonly name: string;
  /** In Redis Cluster: any key of the used slot. */
  readonly homeKey: string;
  /** Command timeout in milliseconds, after which the socket is closed. Default: none. */
  readonly timeoutMs?: number;
}

/**
 * Opens one connection: to the server of the URL, to the Sentinel master, or to the cluster node of the home key's
 * slot. One connection suffices for a cluster, because all keys share a slot.
 */
export function openClient(settings: RedisSettings, { name, homeKey, timeoutMs }: ClientOptions): Redis {
  const tls = tlsOptions(settings);
  return new Redis(settings.url, {
    ...BASE,
    connectionName: `token-deployer:${name}`,
    connectTimeout: settings.connectTimeoutMs,
    ...(tls === undefined ? {} : { tls }),
    // Destroys the socket first, so that a repeated command uses a new one.
    ...(timeoutMs === undefined ? {} : { socketTimeout: timeoutMs, commandTimeout: timeoutMs + 250 }),
    ...sentinelOptions(settings, tls),
    ...clusterOptions(settings, tls, homeKey),
  });
}

// Sets the default `replyMapping` explicitly, to select the constructor overload.
const BASE: CommonRedisOptions & { replyMapping: 'legacy' } = {
  replyMapping: 'legacy',
  enableOfflineQueue: false,
  // Both are needed. Otherwise ioredis resends unanswered commands after a reset, or leaves their promises pending.
  maxRetriesPerRequest: 0,
  autoResendUnfulfilledCommands: false,
  reconnectOnError: endsConnection,
  // ioredis would wait for the loading time that Redis estimates, which is inaccurate.
  maxLoadingRetryTime: 1_000,
  retryStrategy: (times) => Math.min(50 * 2 ** Math.min(times, 6), 2_000) + Math.random() * 200,
};

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

/** `rediss://` also enables TLS for the sentinels. */
function sentinelOptions(settings: RedisSettings, tls: ConnectionOptions | undefined): SentinelOptions {
  const { sentinels, sentinelMaster, sentinelPassword, connectTimeoutMs } = settings;
  if (!sentinels) return {};
  return {
    sentinels: [...sentinels],
    ...(sentinelMaster ? { name: sentinelMaster } : {}),
    ...(sentinelPassword ? { sentinelPassword } : {}),
    ...(tls === undefined ? {} : { sentinelTLS: tls, enableTLSForSentinelMode: true }),
    // Timeout for a silent sentinel.
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
