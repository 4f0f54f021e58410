import { connect as connectTcp } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { connect as connectTls } from 'node:tls';
import { AbstractConnector, type RedisOptions } from 'ioredis';
import type { HostPort } from '../redis-settings.js';
import { type ClusterAccess, findSlotOwner } from './cluster-slot.js';

const MIN_BACKOFF_MS = 100;
const MAX_BACKOFF_MS = 1_000;
/** Time that the other side gets to close a connection that is ended, as ioredis has it. */
const DISCONNECT_TIMEOUT_MS = 2_000;

interface Cluster extends ClusterAccess {
  readonly nodes: readonly HostPort[];
  /** A key in the only slot that is used. */
  readonly key: string;
}

/** What ioredis takes as `Connector`: connections to whichever node serves the key's slot. */
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

  /** A replica that still thinks itself in charge, or already not any more: the nodes are asked again. */
  override check({ role }: { readonly role?: string }): boolean {
    return role === undefined || role === 'master';
  }

  // Never rejects while the connection is wanted: ioredis would give it up for good.
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
