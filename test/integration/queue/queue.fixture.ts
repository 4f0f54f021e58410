import { Redis } from 'ioredis';
import type { OperatorAction } from '#core';
import { queueHome, queueKeys, type QueueSettings, RedisMessageQueue } from '#queue';
import { waitUntilReady, RedisConnections } from '#redis';
import { RedisServer } from '../../support/redis/redis-server.js';
import { ReplyDroppingProxy } from '../redis/reply-dropping-proxy.js';

export const QUEUE = 'hokusai:model_ready_queue';
export const KEYS = queueKeys(QUEUE);
export const ACTION: OperatorAction = { actor: 'token-1', requestId: 'request-1', note: 'fixed the gateway' };
export const HOME = queueHome({ chainId: 31337, contract: '0x5FbDB2315678afecb367f032d93F642f64180aa3' });
const SETTINGS: QueueSettings = { queueName: QUEUE, processingTimeoutMs: 300_000, leaseDurationMs: 30_000, home: HOME };

/** A Redis of its own, the queue on it, and a client that plays the producer, foreign consumers and operators. */
export class QueueFixture {
  private workers = 0;
  private readonly opened: RedisConnections[] = [];

  private constructor(
    readonly server: RedisServer,
    readonly client: Redis,
    readonly proxy: ReplyDroppingProxy,
  ) {}

  static async start(args: readonly string[] = []): Promise<QueueFixture> {
    const server = await RedisServer.start(args);
    const client = new Redis(server.url, { maxRetriesPerRequest: null });
    return new QueueFixture(server, client, await ReplyDroppingProxy.start(server.port));
  }

  /** Connections of one replica that have run a script: the first one proves their permissions, with a reply of its own. */
  async connect(url = this.server.url, commandTimeoutMs = 2_000): Promise<RedisConnections> {
    const connections = await this.open(url, commandTimeoutMs);
    await new RedisMessageQueue(connections, SETTINGS, 'fixture').promote();
    return connections;
  }

  /** Connections of one replica. */
  async open(url = this.server.url, commandTimeoutMs = 2_000): Promise<RedisConnections> {
    const connections = RedisConnections.open({ url, connectTimeoutMs: 1_000, commandTimeoutMs });
    this.opened.push(connections);
    for (const redis of [connections.blocking.redis, connections.commands, connections.http])
      await waitUntilReady(redis);
    return connections;
  }

  /** The queue as one replica sees it. */
  async replica(settings: Partial<QueueSettings> = {}, connections?: RedisConnections): Promise<RedisMessageQueue> {
    this.workers += 1;
    return new RedisMessageQueue(
      connections ?? (await this.connect()),
      { ...SETTINGS, ...settings },
      `replica-${this.workers}`,
    );
  }

  /** The queue as a replica behind the faulty proxy sees it. */
  async faultyReplica(settings: Partial<QueueSettings> = {}): Promise<RedisMessageQueue> {
    return await this.replica(settings, await this.connect(this.proxy.url));
  }

  /** As the Python producer does: the first argument is the oldest message. */
  async produce(...messages: readonly (string | Buffer)[]): Promise<void> {
    for (const message of messages) await this.client.lpush(KEYS.main, message);
  }

  /** Messages of a list, oldest first. */
  async messagesIn(key: string): Promise<string[]> {
    return (await this.client.lrange(key, 0, -1)).toReversed();
  }

  /** Every key but the home and those that only remember for a day what was: fenced leases and the last claims of workers. */
  async keysInUse(): Promise<string[]> {
    const keys = await this.client.keys('*');
    return keys.filter((key) => key !== KEYS.home && key !== KEYS.fenced && !key.startsWith(`${KEYS.claims}:`));
  }

  async reset(): Promise<void> {
    await this.client.flushall();
    await this.client.config('SET', 'maxmemory', '0');
  }

  async stop(): Promise<void> {
    for (const connections of this.opened) connections.close();
    this.client.disconnect();
    await this.proxy.stop();
    await this.server.stop();
  }
}

export function texts(messages: readonly { readonly bytes: Uint8Array }[]): string[] {
  return messages.map(({ bytes }) => Buffer.from(bytes).toString());
}

/** Narrows what a test knows to be there. */
export function present<T>(value: T | null | undefined): T {
  if (value === null || value === undefined) throw new Error('the test expected something here');
  return value;
}
