import { setTimeout as sleep } from 'node:timers/promises';
import { type ClaimedMessage, type DeadLetters, HoldError, type MessageQueue } from '#core';
import { QUEUE_SETTINGS } from '../chaos-settings.js';
import type { SeededRandom } from '../../support/seeded-random.js';
import type { Decision, Handler } from './handler.js';
import type { Intents } from './intents.js';

const MAX_IN_FLIGHT = 60;
const TRIES = 6;

export interface WorkerParts {
  readonly queue: MessageQueue;
  readonly deadLetters: DeadLetters;
  readonly intents: Pick<Intents, 'declare'>;
  readonly handler: Handler;
  readonly random: SeededRandom;
  /** Unix milliseconds: no message is replayed after that, so that the run comes to an end. */
  readonly replayUntil: number;
  /** Told of every error that no fault explains. */
  readonly reportViolation: (error: unknown) => void;
}

/** Runs the protocol of the queue as the service does: claims, renews, settles, promotes, sweeps, replays. */
export class ChaosWorker {
  private readonly inFlight = new Map<string, ClaimedMessage>();
  private readonly work = new Set<Promise<void>>();
  private stopping = false;

  constructor(private readonly parts: WorkerParts) {}

  /** Returns after `stop`, when the work in hand is released. */
  async run(): Promise<void> {
    await Promise.all([
      this.repeat(async () => await this.claim()),
      this.repeat(async () => await this.renew(), QUEUE_SETTINGS.leaseDurationMs / 3),
      this.repeat(async () => await this.maintain(), 150),
    ]);
    await Promise.all(this.work);
  }

  stop(): void {
    this.stopping = true;
  }

  private async repeat(turn: () => Promise<void>, everyMs = 0): Promise<void> {
    while (!this.stopping) {
      await this.attempt(turn);
      await sleep(everyMs);
    }
  }

  /** Returns false when Redis did not answer. */
  private async attempt(action: () => Promise<void>): Promise<boolean> {
    try {
      await action();
      return true;
    } catch (error) {
      if (!(error instanceof HoldError)) this.parts.reportViolation(error);
      await sleep(20);
      return false;
    }
  }

  private async claim(): Promise<void> {
    const { queue, random } = this.parts;
    const room = Math.min(MAX_IN_FLIGHT - this.inFlight.size, random.between(1, 20));
    if (room <= 0) return await sleep(10);
    const messages = await queue.claim(room);
    if (messages.length === 0) return await queue.wait(200);
    const work = this.receive(messages).finally(() => this.work.delete(work));
    this.work.add(work);
  }

  private async receive(messages: readonly ClaimedMessage[]): Promise<void> {
    const { handler, random } = this.parts;
    const { ms, renewed } = handler.pace();
    if (renewed) for (const message of messages) this.inFlight.set(message.lease, message);
    await handler.work(ms);
    const decisions = messages.map((message) =>
      this.stopping ? { message, settlement: { kind: 'release' as const } } : handler.decide(message),
    );
    const batches = this.batches(decisions.filter((decision) => decision !== null));
    for (const batch of batches) {
      await this.settle(batch);
      if (batches.length > 1) await handler.work(random.between(0, 60));
    }
    for (const { lease } of messages) this.inFlight.delete(lease);
  }

  private batches(decisions: readonly Decision[]): readonly (readonly Decision[])[] {
    if (decisions.length === 0) return [];
    return this.parts.random.chance(0.5) ? [decisions] : decisions.map((decision) => [decision]);
  }

  private async settle(batch: readonly Decision[]): Promise<void> {
    const { intents, queue, random } = this.parts;
    for (let tries = 0; tries < TRIES; tries += 1) {
      const settled = await this.attempt(async () => {
        await intents.declare(
          batch.flatMap(({ message, settlement: { kind } }) =>
            kind === 'ack' || kind === 'dead-letter' ? [{ message, kind }] : [],
          ),
        );
        await queue.settle(batch.map(({ message, settlement }) => ({ lease: message.lease, settlement })));
      });
      if (settled && random.chance(0.95)) return;
    }
  }

  private async renew(): Promise<void> {
    const leases = [...this.inFlight.keys()];
    if (leases.length > 0) await this.parts.queue.renew(leases);
  }

  private async maintain(): Promise<void> {
    const { queue, random, replayUntil } = this.parts;
    await queue.promote();
    await queue.sweep();
    if (random.chance(0.2)) await queue.depths();
    if (Date.now() < replayUntil && random.chance(0.5)) await this.replay();
  }

  /** As an operator would; each message once. */
  private async replay(): Promise<void> {
    const { deadLetters, random } = this.parts;
    const { items } = await deadLetters.list({ limit: 10 });
    const letter = items.filter(({ replayCount }) => replayCount === 0)[random.between(0, 4)];
    if (letter !== undefined) await deadLetters.replay(letter, { actor: 'chaos', requestId: 'chaos', note: null });
  }
}
