import { Redis } from 'ioredis';
import { until, type Waiting } from '../until.js';

/** Names that the platform knows. */
const NAMES = { queue: 'hokusai:model_ready_queue', deployed: 'hokusai:token_deployed_queue' };

/** One element of the dead-letter list, as monitoring reads it. */
export interface DeadLetterEntry {
  readonly id: string;
  readonly reason: string;
  readonly error: string;
  readonly original_message?: string;
  readonly model_id: string | null;
  readonly attempts: number;
  readonly replay_count: number;
}

/** One `token_deployed` event, as downstream services read it. */
export interface TokenDeployedEvent {
  readonly event_type: string;
  readonly event_id: string;
  readonly model_id: string;
  readonly token_address: string;
  readonly token_symbol: string;
  readonly transaction_hash: string;
  readonly gas_used: string;
}

/** Messages by the place where they are. */
export interface MessageCounts {
  readonly waiting: number;
  readonly processing: number;
  readonly delayed: number;
  readonly dead: number;
}

/** The other systems' side of Redis: what producers, monitoring and downstream services do there, by no code of ours. */
export class ProducerClient {
  private constructor(
    readonly redis: Redis,
    private readonly names: typeof NAMES,
  ) {}

  static connect(url: string, names = NAMES): ProducerClient {
    const redis = new Redis(url, { maxRetriesPerRequest: null, retryStrategy: () => 50 });
    // A test may stop Redis under this connection, which then waits for it to come back.
    redis.on('error', () => undefined);
    return new ProducerClient(redis, names);
  }

  /** As the producer does it: one LPUSH for each message, in order. */
  async push(...messages: readonly (string | Buffer)[]): Promise<void> {
    for (const message of messages) await this.redis.lpush(this.names.queue, message);
  }

  /** Several at one instant, so that one claim can take them all. */
  async pushAtOnce(messages: readonly string[]): Promise<void> {
    await this.redis.lpush(this.names.queue, ...messages);
  }

  /** As the producer does it when it gives up, and as consumers of the guide do. */
  async pushDeadLetter(entry: string): Promise<void> {
    await this.redis.lpush(`${this.names.queue}:dlq`, entry);
  }

  async messageCounts(): Promise<MessageCounts> {
    const [waiting, processing, delayed, dead] = await Promise.all([
      this.redis.llen(this.names.queue),
      this.redis.llen(`${this.names.queue}:processing`),
      this.redis.zcard(`${this.names.queue}:delayed`),
      this.redis.llen(`${this.names.queue}:dlq`),
    ]);
    return { waiting, processing, delayed, dead };
  }

  /** Whether every message has left the way: deployed, or dead. */
  async isDrained(): Promise<boolean> {
    const { waiting, processing, delayed } = await this.messageCounts();
    return waiting + processing + delayed === 0;
  }

  /** Waits until every message is deployed or dead. */
  async drained(waiting: Waiting = {}): Promise<void> {
    await until('the queue to drain', () => this.isDrained(), { saw: () => this.messageCounts(), ...waiting });
  }

  /** Oldest first. */
  async deadLetters(): Promise<DeadLetterEntry[]> {
    const entries = await this.redis.lrange(`${this.names.queue}:dlq`, 0, -1);
    return entries.map((entry) => JSON.parse(entry) as DeadLetterEntry).toReversed();
  }

  /** Oldest first; an event may be there more than once, under the same `event_id`. */
  async events(): Promise<TokenDeployedEvent[]> {
    const events = await this.redis.lrange(this.names.deployed, 0, -1);
    return events.map((event) => JSON.parse(event) as TokenDeployedEvent).toReversed();
  }

  close(): void {
    this.redis.disconnect();
  }
}
