import type { ClaimedMessage } from '#core';
import { RedisDeadLetters, RedisMessageQueue } from '#queue';
import { waitUntilReady, RedisConnections, unwrapReply } from '#redis';
import { COMMAND_TIMEOUT_MS, QUEUE_SETTINGS } from '../chaos-settings.js';
import { SeededRandom } from '../../support/seeded-random.js';
import { ChaosWorker } from '../worker/chaos-worker.js';
import { Handler } from '../worker/handler.js';
import { FOREIGN_KEYS } from './foreign-consumer.js';

/** The project's own consumer: the worker of the chaos runs, within this process. */
export class ServiceConsumer {
  readonly unexpected: unknown[] = [];
  private readonly connections: RedisConnections;
  private readonly worker: ChaosWorker;
  private readonly living: Promise<void>;

  constructor(url: string, name: string) {
    this.connections = RedisConnections.open({
      url,
      connectTimeoutMs: 2_000,
      commandTimeoutMs: COMMAND_TIMEOUT_MS * 5,
    });
    const dice = new SeededRandom(name);
    this.worker = new ChaosWorker({
      queue: new RedisMessageQueue(this.connections, QUEUE_SETTINGS, name),
      deadLetters: new RedisDeadLetters(this.connections, QUEUE_SETTINGS),
      intents: { declare: async (declared) => await this.record(declared) },
      handler: new Handler(dice, name),
      random: dice,
      replayUntil: 0,
      reportViolation: (error) => this.unexpected.push(error),
    });
    this.living = this.worker.run();
  }

  async stop(): Promise<void> {
    this.worker.stop();
    await this.living;
    this.connections.close();
  }

  private async record(
    declared: readonly { readonly message: ClaimedMessage; readonly kind: string }[],
  ): Promise<void> {
    const handled = declared.filter(({ kind }) => kind === 'ack').map(({ message }) => idOf(message));
    if (handled.length === 0) return;
    await waitUntilReady(this.connections.commands);
    await unwrapReply(this.connections.commands.sadd(FOREIGN_KEYS.handled, ...handled));
  }
}

function idOf({ bytes }: ClaimedMessage): string {
  return (JSON.parse(Buffer.from(bytes).toString()) as { message_id: string }).message_id;
}
