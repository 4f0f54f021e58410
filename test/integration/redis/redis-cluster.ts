import { Redis } from 'ioredis';
import { freePort } from '../../support/network/free-port.js';
import { RedisServer } from '../../support/redis/redis-server.js';
import { until } from '../../support/until.js';
import { QUEUE } from './queue-traffic.js';

/** Longer than a probe looks, so that it sees the outage. */
const NODE_TIMEOUT_MS = 2_000;
const SLOTS = 16_384;

/** A node of a cluster, and the port by which nodes speak to each other: beyond 55535 there is no room for port + 10000. */
class ClusterNode {
  private constructor(
    readonly server: RedisServer,
    readonly busPort: number,
    readonly admin: Redis,
  ) {}

  static async start(): Promise<ClusterNode> {
    const busPort = await freePort();
    const quick = ['--repl-diskless-sync-delay', '0', '--repl-ping-replica-period', '1'];
    const cluster = ['--cluster-enabled', 'yes', '--cluster-port', String(busPort)];
    const server = await RedisServer.start([
      ...cluster,
      ...quick,
      '--cluster-node-timeout',
      String(NODE_TIMEOUT_MS),
      '--cluster-replica-validity-factor',
      '0',
    ]);
    const admin = new Redis(server.url);
    admin.on('error', () => undefined);
    return new ClusterNode(server, busPort, admin);
  }

  async id(): Promise<string> {
    return await this.admin.cluster('MYID');
  }

  async knows(state: string): Promise<boolean> {
    return (await this.admin.cluster('INFO')).includes(state);
  }

  async stop(): Promise<void> {
    this.admin.disconnect();
    await this.server.stop();
  }
}

/** Three masters, and a replica of the one that owns the queue. */
export class RedisCluster {
  private constructor(
    /** Serves the queue in the beginning. */
    readonly owner: ClusterNode,
    readonly others: readonly ClusterNode[],
    readonly replica: ClusterNode,
  ) {}

  static async start(): Promise<RedisCluster> {
    const [first, second, third, replica] = await Promise.all([
      ClusterNode.start(),
      ClusterNode.start(),
      ClusterNode.start(),
      ClusterNode.start(),
    ]);
    const masters = [first, second, third];
    const slot = await first.admin.cluster('KEYSLOT', QUEUE);
    const owner = masters[Math.floor((slot * 3) / SLOTS)] ?? first;
    const cluster = new RedisCluster(
      owner,
      masters.filter((node) => node !== owner),
      replica,
    );
    try {
      await Promise.all(masters.map(async (node, i) => await takeSlots(node, i)));
      await cluster.join();
    } catch (error) {
      await cluster.stop();
      throw error;
    }
    return cluster;
  }

  get nodes(): readonly ClusterNode[] {
    return [this.owner, ...this.others, this.replica];
  }

  get addresses(): readonly { readonly host: string; readonly port: number }[] {
    return this.nodes.map(({ server }) => ({ host: '127.0.0.1', port: server.port }));
  }

  /** Gives the slot of the queue, with all that is in it, from one master to another. */
  async moveSlot(from: ClusterNode, to: ClusterNode): Promise<void> {
    const slot = await from.admin.cluster('KEYSLOT', QUEUE);
    const [fromId, toId] = [await from.id(), await to.id()];
    await to.admin.cluster('SETSLOT', slot, 'IMPORTING', fromId);
    await from.admin.cluster('SETSLOT', slot, 'MIGRATING', toId);
    for (;;) {
      const keys = await from.admin.cluster('GETKEYSINSLOT', slot, 1_000);
      if (keys.length === 0) break;
      await from.admin.call('MIGRATE', '127.0.0.1', to.server.port, '', 0, 5_000, 'KEYS', ...keys.map(String));
    }
    await to.admin.cluster('SETSLOT', slot, 'NODE', toId);
    await from.admin.cluster('SETSLOT', slot, 'NODE', toId);
  }

  async stop(): Promise<void> {
    await Promise.all(this.nodes.map(async (node) => await node.stop()));
  }

  private async join(): Promise<void> {
    for (const { server, busPort } of [...this.others, this.replica]) {
      await this.owner.admin.cluster('MEET', '127.0.0.1', server.port, busPort);
    }
    await until('the nodes to know each other', async () => await all(this.nodes, 'cluster_known_nodes:4'));
    const id = await this.owner.id();
    await until('a master for the replica', async () => (await this.replica.admin.cluster('REPLICATE', id)) === 'OK');
    await until('the replica', async () =>
      (await this.replica.admin.info('replication')).includes('master_link_status:up'),
    );
    await until('the cluster', async () => await all(this.nodes, 'cluster_state:ok'));
  }
}

async function takeSlots({ admin }: ClusterNode, position: number): Promise<void> {
  await admin.cluster('SET-CONFIG-EPOCH', position + 1);
  const first = Math.ceil((SLOTS * position) / 3);
  await admin.cluster('ADDSLOTSRANGE', first, Math.ceil((SLOTS * (position + 1)) / 3) - 1);
}

async function all(nodes: readonly ClusterNode[], state: string): Promise<boolean> {
  return (await Promise.all(nodes.map(async (node) => await node.knows(state)))).every(Boolean);
}
