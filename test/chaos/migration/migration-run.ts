import { Redis } from 'ioredis';
import { queueKeys } from '#queue';
import { abortable } from '../../support/abortable.js';
import { RedisServer } from '../../support/redis/redis-server.js';
import { until } from '../../support/until.js';
import { QUEUE_SETTINGS } from '../chaos-settings.js';
import { FOREIGN_KEYS, type ForeignConsumer, type StartForeignConsumer } from './foreign-consumer.js';
import { ServiceConsumer } from './service-consumer.js';

const KEYS = queueKeys(QUEUE_SETTINGS.queueName);
const BATCH = 120;

/** What became of the messages of a migration. */
export interface MigrationReport {
  readonly pushed: number;
  readonly handled: number;
  readonly dead: number;
  /** Messages that a killed foreign consumer left in processing. */
  readonly orphaned: number;
  /** Ids of messages that no consumer handled or dead-lettered. */
  readonly lost: readonly string[];
  /** Keys with messages in them, or about messages, when all are done. */
  readonly remaining: readonly string[];
  readonly unexpected: readonly unknown[];
}

/** A rolling migration from the guide's consumer to ours and back, while messages keep coming. */
export class MigrationRun {
  private readonly redis: Redis;
  private foreign: ForeignConsumer[] = [];
  private readonly service: ServiceConsumer[] = [];
  private orphaned = 0;
  private pushed = 0;

  private constructor(
    private readonly server: RedisServer,
    private readonly startForeign: StartForeignConsumer,
  ) {
    this.redis = new Redis(server.url);
  }

  /** @throws Error when messages are stuck, or when the signal breaks it off */
  static async run(startForeign: StartForeignConsumer, signal?: AbortSignal): Promise<MigrationReport> {
    const run = new MigrationRun(await RedisServer.start(), startForeign);
    try {
      return await abortable(run.migrateAndRollBack(), signal);
    } finally {
      await run.stop();
    }
  }

  private async migrateAndRollBack(): Promise<MigrationReport> {
    await this.migrate();
    await this.migrateBack();
    return await this.report();
  }

  private async migrate(): Promise<void> {
    this.addForeign(2);
    await this.pushAndSettle();
    this.service.push(new ServiceConsumer(this.server.url, 'ours-1'), new ServiceConsumer(this.server.url, 'ours-2'));
    await this.pushAndSettle();
    await this.killForeign();
    await this.pushAndSettle();
  }

  private async migrateBack(): Promise<void> {
    this.addForeign(2);
    await this.pushAndSettle();
    await this.push();
    // The foreign consumer knows neither pause nor delayed messages: ours end what they began before they go.
    await this.redis.set(KEYS.paused, '1');
    await until('ours to have nothing in hand', async () => (await this.count(KEYS.delayed, KEYS.leases)) === 0);
    for (const consumer of this.service) await consumer.stop();
    await this.redis.del(KEYS.paused);
    await this.pushAndSettle();
  }

  private addForeign(count: number): void {
    for (let added = 0; added < count; added += 1) {
      this.foreign.push(this.startForeign(this.server.port, KEYS.main));
    }
  }

  /** They die in the middle of their work, with a message each in processing. */
  private async killForeign(): Promise<void> {
    await this.redis.set(FOREIGN_KEYS.hang, '1');
    await this.push();
    await until('foreign handlers to hang', async () => (await this.redis.scard(FOREIGN_KEYS.hanging)) === 2);
    for (const consumer of this.foreign) await consumer.kill();
    this.foreign = [];
    await this.redis.del(FOREIGN_KEYS.hang);
    this.orphaned = await this.redis.scard(FOREIGN_KEYS.hanging);
  }

  private async push(): Promise<void> {
    for (let made = 0; made < BATCH; made += 1) {
      this.pushed += 1;
      const envelope = { message_id: `message-${this.pushed}`, payload: {}, retry_count: 0, max_retries: 3 };
      await this.redis.lpush(KEYS.main, JSON.stringify(envelope));
    }
  }

  private async pushAndSettle(): Promise<void> {
    await this.push();
    const { main, processing, delayed } = KEYS;
    const drained = async (): Promise<boolean> => (await this.count(main, processing, delayed)) === 0;
    await until('every message to be handled', drained, { timeoutMs: 40_000 });
  }

  private async count(...keys: readonly string[]): Promise<number> {
    const lengths = await Promise.all(
      keys.map(async (key) =>
        key === KEYS.main || key === KEYS.processing ? this.redis.llen(key) : this.redis.zcard(key),
      ),
    );
    return lengths.reduce((sum, messages) => sum + messages, 0);
  }

  private async report(): Promise<MigrationReport> {
    const handled = new Set(await this.redis.smembers(FOREIGN_KEYS.handled));
    const dead = new Set((await this.redis.lrange(KEYS.deadLetter, 0, -1)).map((entry) => idOfDead(entry)));
    const ids = Array.from({ length: this.pushed }, (_, index) => `message-${index + 1}`);
    const used = await this.redis.exists(KEYS.main, KEYS.processing, KEYS.delayed, KEYS.leases, KEYS.inflight);
    return {
      pushed: this.pushed,
      handled: handled.size,
      dead: dead.size,
      orphaned: this.orphaned,
      lost: ids.filter((id) => !handled.has(id) && !dead.has(id)),
      remaining: used === 0 ? [] : await this.redis.keys(`${KEYS.main}*`),
      unexpected: this.service.flatMap(({ unexpected }) => unexpected),
    };
  }

  private async stop(): Promise<void> {
    for (const consumer of this.foreign) await consumer.kill();
    for (const consumer of this.service) await consumer.stop();
    this.redis.disconnect();
    await this.server.stop();
  }
}

function idOfDead(entry: string): string {
  const { original_message: original } = JSON.parse(entry) as { original_message: string };
  return (JSON.parse(original) as { message_id: string }).message_id;
}
