import { setTimeout as sleep } from 'node:timers/promises';
import type { ProducerClient } from '../../support/redis/producer-client.js';
import type { SoakMessage } from './soak-messages.js';

/** Pushes the messages of a soak over its time. Keeps in memory what it pushed: Redis may lose it. */
export class SoakProducer {
  /** In their order. */
  readonly pushed: SoakMessage[] = [];
  /** Ends with what must not be disturbed by a push. */
  private free: Promise<void> = Promise.resolve();

  constructor(private readonly queue: ProducerClient) {}

  async produce(messages: readonly SoakMessage[], durationMs: number): Promise<void> {
    const begun = performance.now();
    for (const [index, message] of messages.entries()) {
      const due = begun + (index / messages.length) * durationMs;
      if (due > performance.now()) await sleep(due - performance.now());
      await this.push(message);
    }
  }

  async push(message: SoakMessage): Promise<void> {
    await this.undisturbed(async () => {
      await this.queue.push(message.text);
      this.pushed.push(message);
    });
  }

  /** Runs `action` while nothing is pushed, and everything pushed before is confirmed. */
  async undisturbed(action: () => Promise<void>): Promise<void> {
    const done = this.free.then(action);
    this.free = done.catch(() => undefined);
    await done;
  }
}
