import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { QUEUE_SETTINGS } from './chaos-settings.js';
import type { SeededRandom } from '../support/seeded-random.js';

const INTERVAL_MS = 40;
/** Of all messages, those that are there from the beginning: most claims find more than they can take. */
const BACKLOG = 0.5;
/** Probability that the producer pushes the same bytes twice. */
const DUPLICATE_RATE = 0.03;

/** The platform's producer: LPUSHes, and sends again what was not confirmed, even where a lost reply hid a success. */
export class Producer {
  /** By message: pushes that Redis confirmed, and pushes of unknown outcome. */
  readonly pushes = new Map<string, { confirmed: number; unknown: number }>();
  private readonly redis: Redis;

  constructor(
    url: string,
    private readonly dice: SeededRandom,
  ) {
    this.redis = new Redis(url, {
      maxRetriesPerRequest: 0,
      enableOfflineQueue: false,
      commandTimeout: 2_000,
      retryStrategy: () => 50,
    });
    this.redis.on('error', () => undefined);
  }

  /** Pushes all of them: some at once, and the others spread over the time. */
  async produce(messages: number, durationMs: number): Promise<void> {
    const start = Date.now();
    for (let made = 0; made < messages;) {
      const due = Math.min(
        messages,
        Math.ceil((BACKLOG + ((1 - BACKLOG) * (Date.now() - start)) / durationMs) * messages),
      );
      for (; made < due; made += 1) {
        const message = messageText(made);
        await this.push(message);
        if (this.dice.chance(DUPLICATE_RATE)) await this.push(message);
      }
      await sleep(INTERVAL_MS);
    }
  }

  async push(message: string): Promise<void> {
    const pushes = this.pushes.get(message) ?? { confirmed: 0, unknown: 0 };
    this.pushes.set(message, pushes);
    for (;;) {
      try {
        await this.redis.lpush(QUEUE_SETTINGS.queueName, message);
        pushes.confirmed += 1;
        return;
      } catch {
        pushes.unknown += 1;
        await sleep(50);
      }
    }
  }

  close(): void {
    this.redis.disconnect();
  }
}

function messageText(number: number): string {
  return JSON.stringify({
    message_id: `message-${number}`,
    message_type: 'model_ready_to_deploy',
    payload: { model_id: `model-${number}` },
    retry_count: 0,
  });
}
