import type { Redis } from 'ioredis';
import { type ClaimedMessage, HoldError } from '#core';
import { queueHome, RedisMessageQueue } from '#queue';
import type { RedisConnections } from '#redis';
import { until } from '../../support/until.js';

export const QUEUE = 'hokusai:model_ready_queue';
const PAUSE_MS = 20;

/** One producer and one consumer, working as fast as they are let, who write down what they were told. */
export class QueueTraffic {
  /** Messages of which the producer knows that they will not be lost. */
  readonly acknowledged = new Set<string>();
  /** Messages of which the consumer knows that they are settled, and when the last one was. */
  readonly settled = new Set<string>();
  lastSettledAt = 0;
  /** Messages whose settlement was sent with an unknown result. */
  readonly unconfirmed = new Set<string>();
  readonly errors: unknown[] = [];
  private readonly queue: RedisMessageQueue;
  private readonly loops: Promise<void>[] = [];
  private producing = true;
  private consuming = true;
  private produced = 0;

  /** @param push puts a message into the queue; true when it will not be lost */
  constructor(
    connections: RedisConnections,
    private readonly push: (message: string) => Promise<boolean>,
  ) {
    this.queue = new RedisMessageQueue(
      connections,
      {
        queueName: QUEUE,
        processingTimeoutMs: 300_000,
        leaseDurationMs: 1_000,
        home: queueHome({ chainId: 31337, contract: '0x5FbDB2315678afecb367f032d93F642f64180aa3' }),
        braced: connections.clustered,
      },
      'worker',
    );
  }

  start(): void {
    this.loops.push(
      this.repeat(
        () => this.producing,
        async () => await this.produce(),
      ),
      this.repeat(
        () => this.consuming,
        async () => await this.consume(),
      ),
      this.repeat(
        () => this.consuming,
        async () => void (await this.queue.sweep()),
      ),
    );
  }

  /** Waits for a message that is settled after the given instant, and says how many milliseconds later. */
  async settlesAfter(instant: number, timeoutMs = 20_000): Promise<number> {
    await until('a settled message', () => this.lastSettledAt > instant, { timeoutMs });
    return this.lastSettledAt - instant;
  }

  /** No new messages; those on their way are settled first. */
  async drain(): Promise<void> {
    this.producing = false;
    await until('an empty queue', async () => {
      const { main, processing, delayed } = await this.queue.depths();
      return main.messages + processing.messages + delayed.messages === 0;
    });
    await this.stop();
  }

  async stop(): Promise<void> {
    this.producing = false;
    this.consuming = false;
    await Promise.all(this.loops);
  }

  /** What was acknowledged, and is neither settled nor possibly settled. */
  lost(): string[] {
    return [...this.acknowledged].filter((message) => !this.settled.has(message) && !this.unconfirmed.has(message));
  }

  private async produce(): Promise<void> {
    this.produced += 1;
    const message = `message ${this.produced}`;
    if (await this.push(message)) this.acknowledged.add(message);
  }

  private async consume(): Promise<void> {
    let messages = await this.queue.claim(10);
    if (messages.length === 0) {
      await this.queue.wait(200);
      messages = await this.queue.claim(10);
    }
    await this.settle(messages);
  }

  private async settle(messages: readonly ClaimedMessage[]): Promise<void> {
    const texts = messages.map(({ bytes }) => Buffer.from(bytes).toString());
    try {
      const results = await this.queue.settle(messages.map(({ lease }) => ({ lease, settlement: { kind: 'ack' } })));
      for (const [i, result] of results.entries()) {
        if (result === 'fenced') continue;
        this.settled.add(texts[i] ?? '');
        this.lastSettledAt = performance.now();
      }
    } catch (error) {
      for (const text of texts) this.unconfirmed.add(text);
      throw error;
    }
  }

  private async repeat(goesOn: () => boolean, step: () => Promise<void>): Promise<void> {
    while (goesOn()) {
      await step().catch((error: unknown) => {
        if (!(error instanceof HoldError)) this.errors.push(error);
      });
      await new Promise((resolve) => {
        setTimeout(resolve, PAUSE_MS);
      });
    }
  }
}

/** Pushes as a producer does that waits until a replica has the message as well. */
export function replicatedPush(redis: Redis): (message: string) => Promise<boolean> {
  return async (message) => {
    try {
      await redis.lpush(QUEUE, message);
      return (await redis.wait(1, 500)) >= 1;
    } catch {
      return false;
    }
  };
}
