import type { Redis } from 'ioredis';
import { BlockingConnection } from './blocking-connection.js';
import { ConnectionLog } from './connection-log.js';
import { openClient } from './redis-client.factory.js';
import { warnOfPlainText } from './plain-text-warning.js';
import type { RedisSettings } from '../redis-settings.js';

export type ConnectionName = 'blocking' | 'commands' | 'http';

/** Maximum command timeout of the HTTP connection in milliseconds. */
const HTTP_TIMEOUT_MS = 2_000;

/** Called after each reconnect. */
export type OnReconnect = (connection: ConnectionName) => void;

/**
 * The three Redis connections of the process. They connect and reconnect automatically without limit. Commands fail at
 * once while disconnected and are never sent later.
 */
export class RedisConnections {
  private recoveredAt = -Infinity;

  private waiting: Redis | null = null;

  private constructor(
    /** For the blocking wait for messages. */
    readonly blocking: BlockingConnection,
    /** For message and job commands. */
    readonly commands: Redis,
    /** For probes and the HTTP API, with a shorter timeout. */
    readonly http: Redis,
    /** True in Redis Cluster, where keys need a hash tag. */
    readonly clustered: boolean,
    /** A key that stays absent, for probes. */
    readonly scratchKey: string,
  ) {}

  /** @param homeKey in Redis Cluster: a key whose slot holds every used key */
  static open(settings: RedisSettings, onReconnect: OnReconnect = () => undefined, homeKey = ''): RedisConnections {
    const { commandTimeoutMs } = settings;
    const client = (name: ConnectionName, timeoutMs?: number): Redis =>
      openClient(settings, { name, homeKey, ...(timeoutMs === undefined ? {} : { timeoutMs }) });
    const connections = new RedisConnections(
      new BlockingConnection(client('blocking')),
      client('commands', commandTimeoutMs),
      client('http', Math.min(commandTimeoutMs, HTTP_TIMEOUT_MS)),
      Boolean(settings.clusterNodes),
      // A key with a hash tag keeps its slot; any other key is its own slot and needs braces.
      `${settings.clusterNodes && !homeKey.includes('{') ? `{${homeKey}}` : homeKey}:scratch`,
    );
    for (const [name, redis] of connections.all()) {
      ConnectionLog.follow(redis, name, () => {
        if (name === 'commands') connections.recoveredAt = performance.now();
        onReconnect(name);
      });
    }
    warnOfPlainText(connections.commands);
    return connections;
  }

  /** For WAIT: one more connection, opened on first use, so that WAIT delays no other command. */
  get replication(): Redis {
    if (this.waiting === null) {
      this.waiting = this.commands.duplicate({ connectionName: 'token-deployer:replication' });
      // The other connections log the same errors.
      this.waiting.on('error', () => undefined);
    }
    return this.waiting;
  }

  /** Milliseconds since the last reconnect of the command connection; infinite without one. */
  get sinceRecoveryMs(): number {
    return performance.now() - this.recoveredAt;
  }

  /** Closes all connections without waiting for Redis: the blocking one first, the HTTP one last. */
  close(): void {
    for (const [, redis] of this.all()) redis.disconnect();
    this.waiting?.disconnect();
  }

  private all(): readonly (readonly [ConnectionName, Redis])[] {
    return [
      ['blocking', this.blocking.redis],
      ['commands', this.commands],
      ['http', this.http],
    ];
  }
}
