import { connect as connectTcp } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { connect as connectTls } from 'node:tls';
import { AbstractConnector, type RedisOptions } from 'ioredis';
import type { HostPort } from '../redis-settings.js';
import { type ClusterAccess, findSlotOwner } from './cluster-slot.js';

const MIN_BACKOFF_MS = 100;
const MAX_BACKOFF_MS = 1_000;
/** Close timeout in milliseconds, as in ioredis. */
const DISCONNECT_TIMEOUT_MS = 2_000;

interface Cluster extends ClusterAccess {
  readonly nodes: readonly HostPort[];
  /** Any key of the used slot. */
  readonly key: string;
}

/** An ioredis `Connector` that connects to the node serving the key's slot. */
export function clusterConnector(cluster: Cluster): NonNullable<RedisOptions['Connector']> {
  return class extends ClusterConnector {
    constructor() {
      super(cluster);
    }
  };
}

class ClusterConnector extends AbstractConnector {
  constructor(private readonly cluster: Cluster) {
    super(DISCONNECT_TIMEOUT_MS);
  }

  /** Resolves the node again on each connection, because roles change. */
  override check({ role }: { readonly role?: string }): boolean {
    return role === undefined || role === 'master';
  }

  // Never rejects while the connection is in use: ioredis would stop reconnecting.
  override async connect(report: (type: 'error', error: Error) => void): ReturnType<AbstractConnector['connect']> {
    this.connecting = true;
    const owner = await this.owner((error) => report('error', error));
    const { tls } = this.cluster.options;
    this.stream = tls === undefined ? connectTcp(owner) : connectTls({ ...owner, ...tls });
    this.stream.once('error', (error: Error) => {
      this.firstError = error;
    });
    return this.stream;
  }

  private async owner(report: (error: Error) => void): Promise<HostPort> {
    const { nodes, key } = this.cluster;
    for (let pauseMs = MIN_BACKOFF_MS; this.connecting; pauseMs = Math.min(pauseMs * 2, MAX_BACKOFF_MS)) {
      try {
        const owner = await findSlotOwner(nodes, key, this.cluster);
        if (this.connecting) return owner;
      } catch (error) {
        if (error instanceof Error) report(error);
        await delay(pauseMs);
      }
    }
    throw new Error('Connection is closed.');
  }
}
