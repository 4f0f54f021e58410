import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { TestProcess } from '../../support/process/test-process.js';
import { freePort } from '../../support/network/free-port.js';
import { RedisServer } from '../../support/redis/redis-server.js';
import { until } from '../../support/until.js';

const MASTER = 'hokusai';
/** Longer than a probe looks, so that it sees the outage. */
const DOWN_AFTER_MS = 2_000;

/** A master with a replica, and one sentinel, its own majority, that watches them. */
export class SentinelGroup {
  private constructor(
    readonly master: RedisServer,
    readonly replica: RedisServer,
    readonly port: number,
    private readonly folder: string,
    private readonly sentinel: TestProcess,
  ) {}

  static async start({ password }: { readonly password: string }): Promise<SentinelGroup> {
    const quick = ['--repl-diskless-sync-delay', '0', '--repl-ping-replica-period', '1'];
    const master = await RedisServer.start(quick);
    const replica = await RedisServer.start([...quick, '--replicaof', '127.0.0.1', String(master.port)]);
    // Of a replica that comes later the sentinel hears only ten seconds later.
    await replicated(replica);
    const port = await freePort();
    const folder = await mkdtemp(join(tmpdir(), 'sentinel-'));
    const file = join(folder, 'sentinel.conf');
    await writeFile(
      file,
      [
        `port ${port}`,
        'bind 127.0.0.1',
        `dir ${folder}`,
        `requirepass ${password}`,
        `sentinel monitor ${MASTER} 127.0.0.1 ${master.port} 1`,
        `sentinel down-after-milliseconds ${MASTER} ${DOWN_AFTER_MS}`,
        `sentinel failover-timeout ${MASTER} 2000`,
      ].join('\n'),
    );
    const sentinel = new TestProcess(process.env['REDIS_SERVER'] ?? 'redis-server', [file, '--sentinel']);
    const group = new SentinelGroup(master, replica, port, folder, sentinel);
    try {
      await group.ready(password);
    } catch (error) {
      await group.stop();
      throw error;
    }
    return group;
  }

  get name(): string {
    return MASTER;
  }

  async stop(): Promise<void> {
    await this.sentinel.stop('SIGKILL');
    await Promise.all([this.master.stop(), this.replica.stop()]);
    await rm(this.folder, { recursive: true, force: true });
  }

  private async ready(password: string): Promise<void> {
    const sentinel = new Redis({ port: this.port, password, enableReadyCheck: false });
    sentinel.on('error', () => undefined);
    try {
      await until(`the sentinel to know the replica\n${this.sentinel.output}`, async () =>
        JSON.stringify(await sentinel.call('SENTINEL', 'REPLICAS', MASTER)).includes(String(this.replica.port)),
      );
    } finally {
      sentinel.disconnect();
    }
  }
}

async function replicated({ url }: RedisServer): Promise<void> {
  const redis = new Redis(url);
  try {
    await until('the replica', async () => (await redis.info('replication')).includes('master_link_status:up'));
  } finally {
    redis.disconnect();
  }
}
