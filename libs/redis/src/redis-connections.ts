import { type CommonRedisOptions, Redis } from 'ioredis';
import { BlockingConnection } from './blocking-connection.js';
import { ConnectionLog } from './connection-log.js';
import { endsConnection } from './redis-errors.js';
import type { RedisSettings } from './redis-settings.js';

export type ConnectionName = 'blocking' | 'commands' | 'http';

/** Longest wait for a reply on the connection of the HTTP side, so that no request hangs behind a dead socket. */
const HTTP_TIMEOUT_MS = 2_000;

/** Called each time a connection is back after a loss. */
export type OnReconnect = (connection: ConnectionName) => void;

/**
 * The three connections of the process. They connect by themselves, now and after every loss, for as long as it takes:
 * Redis may be down when the process starts. Without a connection a command fails at once and is never sent later, when
 * nobody waits for its reply any more.
 */
export class RedisConnections {
  private recoveredAt = 0;

  private constructor(
    /** For the one command that waits for messages. */
    readonly blocking: BlockingConnection,
    /** For the work on messages and jobs. */
    readonly commands: Redis,
    /** For probes and the HTTP side: a short time-out of its own. */
    readonly http: Redis,
  ) {}

  static open(settings: RedisSettings, onReconnect: OnReconnect = () => undefined): RedisConnections {
    const { commandTimeoutMs } = settings;
    const connections = new RedisConnections(
      new BlockingConnection(new Redis(settings.url, baseOptions(settings, 'blocking'))),
      new Redis(settings.url, { ...baseOptions(settings, 'commands'), ...timeouts(commandTimeoutMs) }),
      new Redis(settings.url, {
        ...baseOptions(settings, 'http'),
        ...timeouts(Math.min(commandTimeoutMs, HTTP_TIMEOUT_MS)),
      }),
    );
    for (const [name, redis] of connections.all()) {
      ConnectionLog.follow(redis, name, () => {
        if (name === 'commands') connections.recoveredAt = Date.now();
        onReconnect(name);
      });
    }
    return connections;
  }

  /** Milliseconds since the connection for commands came back after a loss; infinite when it was never lost. */
  get sinceRecoveryMs(): number {
    return this.recoveredAt === 0 ? Infinity : Date.now() - this.recoveredAt;
  }

  /** Ends the connections for good: first whoever waits for messages, last whoever answers probes. Does not wait for Redis. */
  close(): void {
    for (const [, redis] of this.all()) redis.disconnect();
  }

  private all(): readonly (readonly [ConnectionName, Redis])[] {
    return [
      ['blocking', this.blocking.redis],
      ['commands', this.commands],
      ['http', this.http],
    ];
  }
}

// `replyMapping` is named because the constructor's overloads turn on it; the value is the default.
function baseOptions(settings: RedisSettings, name: ConnectionName): CommonRedisOptions & { replyMapping: 'legacy' } {
  return {
    replyMapping: 'legacy',
    connectionName: `token-deployer:${name}`,
    connectTimeout: settings.connectTimeoutMs,
    enableOfflineQueue: false,
    // With another value ioredis sends what was unanswered again after a reset, a blocking command included. Both are
    // needed: without the first one, promises of unanswered commands stay pending for ever.
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false,
    reconnectOnError: endsConnection,
    retryStrategy: (times) => Math.min(50 * 2 ** Math.min(times, 6), 2_000) + Math.random() * 200,
  };
}

// The socket goes first, so that a command that is sent again does not meet the same dead socket.
function timeouts(ms: number): { readonly socketTimeout: number; readonly commandTimeout: number } {
  return { socketTimeout: ms, commandTimeout: ms + 250 };
}
