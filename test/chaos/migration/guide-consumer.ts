import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { FOREIGN_KEYS, type ForeignConsumer } from './foreign-consumer.js';

interface Envelope {
  readonly message_id: string;
  readonly retry_count: number;
  readonly max_retries: number;
}

/**
 * What the integration guide's consumer says to Redis, command by command: it keeps no lease, rewrites what it retries, and
 * leaves in processing what it was killed over. `guide_consumer.py` is the same in Python.
 */
export class GuideConsumer implements ForeignConsumer {
  private readonly redis: Redis;
  private readonly running: Promise<void>;
  private stopping = false;

  constructor(
    port: number,
    private readonly queue: string,
  ) {
    this.redis = new Redis(port, '127.0.0.1');
    this.redis.on('error', () => undefined);
    this.running = this.consume();
  }

  async stop(): Promise<void> {
    this.stopping = true;
    await this.running;
    this.redis.disconnect();
  }

  async kill(): Promise<void> {
    this.stopping = true;
    this.redis.disconnect();
    await this.running.catch(() => undefined);
  }

  private async consume(): Promise<void> {
    while (!this.stopping) {
      const raw = await this.redis.brpoplpush(this.queue, `${this.queue}:processing`, 1);
      if (raw !== null) await this.claim(raw);
    }
  }

  private async claim(raw: string): Promise<void> {
    const envelope = JSON.parse(raw) as Envelope;
    if (await this.succeeds(envelope)) await this.leaveProcessing(raw);
    else if (envelope.retry_count < envelope.max_retries) await this.retry(raw, envelope);
    else await this.deadLetter(raw);
  }

  /** The handler: every third attempt fails. */
  private async succeeds({ message_id: id, retry_count: retries }: Envelope): Promise<boolean> {
    while ((await this.redis.exists(FOREIGN_KEYS.hang)) === 1) {
      await this.redis.sadd(FOREIGN_KEYS.hanging, id);
      await sleep(10);
    }
    if ((Number(/\d+/.exec(id)?.[0]) + retries) % 3 === 0) return false;
    await this.redis.sadd(FOREIGN_KEYS.handled, id);
    return true;
  }

  private async retry(raw: string, envelope: Envelope): Promise<void> {
    await this.leaveProcessing(raw);
    await this.redis.lpush(this.queue, JSON.stringify({ ...envelope, retry_count: envelope.retry_count + 1 }));
  }

  private async deadLetter(raw: string): Promise<void> {
    await this.leaveProcessing(raw);
    const entry = { original_message: raw, error: 'Handler returned False', failed_at: utcNow(), queue: this.queue };
    await this.redis.lpush(`${this.queue}:dlq`, JSON.stringify(entry));
  }

  private async leaveProcessing(raw: string): Promise<void> {
    await this.redis.lrem(`${this.queue}:processing`, 1, raw);
  }
}

/** As Python writes it: microseconds, and no offset. */
function utcNow(): string {
  return new Date().toISOString().replace('Z', '000');
}
