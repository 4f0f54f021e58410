import { Redis } from 'ioredis';
import { waitUntilReady, RedisConnections, RedisHealthProbe } from '#redis';
import type { RedisServer } from '../../support/redis/redis-server.js';
import { until } from '../../support/until.js';
import { QUEUE, QueueTraffic } from './queue-traffic.js';

export const RECOVERY_MS = 10_000;
/** As the service has them when nothing is said. */
const TIMEOUTS = { connectTimeoutMs: 5_000, commandTimeoutMs: 5_000 };

/** Ends something when its test is over, the last first. */
export type Closing = (stop: () => Promise<void> | void) => void;

interface Recovery {
  /** Within 10 s, as the work and the probe saw it. */
  readonly inTime: boolean;
  readonly lost: readonly string[];
  readonly errors: readonly unknown[];
}

export const RECOVERED: Recovery = { inTime: true, lost: [], errors: [] };

/** A Redis with a way to it that can be cut, a client that takes another way, and traffic that flows. */
export class OutageFixture {
  private constructor(
    readonly server: RedisServer,
    readonly admin: Redis,
    readonly connections: RedisConnections,
    readonly traffic: QueueTraffic,
  ) {}

  static async start(closing: Closing, server: RedisServer, url = server.url): Promise<OutageFixture> {
    // Also connects to a server that is still loading.
    const admin = new Redis(server.url, { maxRetriesPerRequest: 0, commandTimeout: 500, enableReadyCheck: false });
    admin.on('error', () => undefined);
    closing(() => admin.disconnect());
    const connections = RedisConnections.open({ url, ...TIMEOUTS });
    closing(() => connections.close());
    await Promise.all([connections.blocking.redis, connections.commands, connections.http].map(waitUntilReady));
    const traffic = new QueueTraffic(
      connections,
      async (message) => (await replied(admin.lpush(QUEUE, message))) !== null,
    );
    traffic.start();
    closing(async () => await traffic.stop());
    const scene = new OutageFixture(server, admin, connections, traffic);
    await until('some messages', () => traffic.settled.size > 5);
    await scene.probesUp();
    return scene;
  }

  async probed(): Promise<string> {
    return (await new RedisHealthProbe(this.connections).check()).status;
  }

  /** Asks the probe over and over, and says what it said. */
  async probedFor(durationMs: number): Promise<readonly string[]> {
    const said = new Set<string>();
    const end = performance.now() + durationMs;
    while (performance.now() < end) {
      said.add(await this.probed());
      await new Promise((resolve) => {
        setTimeout(resolve, 50);
      });
    }
    return [...said];
  }

  /** Starts to measure: processing must resume automatically from now on. */
  async recovery(): Promise<Recovery> {
    const instant = performance.now();
    await this.traffic.settlesAfter(instant);
    await this.probesUp();
    const inTime = performance.now() - instant < RECOVERY_MS;
    await this.traffic.drain();
    return { inTime, lost: this.traffic.lost(), errors: this.traffic.errors };
  }

  /** Says how many milliseconds it took. */
  async probesUp(): Promise<number> {
    const instant = performance.now();
    await until('the probe', async () => (await this.probed()) === 'up');
    return performance.now() - instant;
  }
}

export async function replied<T>(reply: Promise<T>): Promise<T | null> {
  return await reply.catch(() => null);
}
