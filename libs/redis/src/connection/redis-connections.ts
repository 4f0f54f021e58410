import type { Redis } from 'ioredis';
import { BlockingConnection } from './blocking-connection.js';
import { ConnectionLog } from './connection-log.js';
import { openClient } from './redis-client.factory.js';
import type { RedisSettings } from '../redis-settings.js';

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

  private waiting: Redis | null = null;

  private constructor(
    /** For the one command that waits for messages. */
    readonly blocking: BlockingConnection,
    /** For the work on messages and jobs. */
    readonly commands: Redis,
    /** For probes and the HTTP side: a short time-out of its own. */
    readonly http: Redis,
    /** True in Redis Cluster, where keys need braces to share a slot. */
    readonly clustered: boolean,
  ) {}

  /** @param homeKey in Redis Cluster: a key whose slot holds every key that is used; there is a connection to no other */
  static open(settings: RedisSettings, onReconnect: OnReconnect = () => undefined, homeKey = ''): RedisConnections {
    const { commandTimeoutMs } = settings;
    const client = (name: ConnectionName, timeoutMs?: number): Redis =>
      openClient(settings, { name, homeKey, ...(timeoutMs === undefined ? {} : { timeoutMs }) });
    const connections = new RedisConnections(
      new BlockingConnection(client('blocking')),
      client('commands', commandTimeoutMs),
      client('http', Math.min(commandTimeoutMs, HTTP_TIMEOUT_MS)),
      Boolean(settings.clusterNodes),
    );
    for (const [name, redis] of connections.all()) {
      ConnectionLog.follow(redis, name, () => {
        if (name === 'commands') connections.recoveredAt = Date.now();
        onReconnect(name);
      });
    }
    return connections;
  }

  /**
   * For those who wait for replicas: one more connection, opened when it is first asked for, so that nobody else waits
   * behind them.
   */
  get replication(): Redis {
    if (this.waiting === null) {
      this.waiting = this.commands.duplicate({ connectionName: 'token-deployer:replication' });
      // What is wrong with it shows on the others too, which say so.
      this.waiting.on('error', () => undefined);
    }
    return this.waiting;
  }

  /** Milliseconds since the connection for commands came back after a loss; infinite when it was never lost. */
  get sinceRecoveryMs(): number {
    return this.recoveredAt === 0 ? Infinity : Date.now() - this.recoveredAt;
  }

  /** Ends the connections for good: first whoever waits for messages, last whoever answers probes. Does not wait for Redis. */
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
