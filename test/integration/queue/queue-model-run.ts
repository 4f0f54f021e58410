import type { ClaimedMessage, Settlement } from '#core';
import { RedisDeadLetters, type RedisMessageQueue } from '#queue';
import { ACTION, KEYS, QUEUE, type QueueFixture } from './queue.fixture.js';

/** One action of a producer, a consumer or an operator on the queue. `pick` chooses its message. */
export type QueueAction =
  | { readonly kind: 'produce'; readonly message: string }
  | { readonly kind: 'claim'; readonly limit: number; readonly replyLost: boolean }
  | { readonly kind: 'settle'; readonly pick: number; readonly how: Settlement['kind']; readonly replyLost: boolean }
  | { readonly kind: 'renew' | 'expire' | 'replay' | 'finishAsForeigner'; readonly pick: number }
  | { readonly kind: 'sweep' | 'promote' | 'pause' | 'resume' | 'takeAsForeigner' | 'forgetScripts' };

/** Plays moves on a real queue and keeps account of every message that was produced. */
export class QueueModelRun {
  private readonly produced: string[] = [];
  private readonly done: string[] = [];
  private readonly claimed: ClaimedMessage[] = [];
  private readonly ended = new Set<string>();
  private foreign: string[] = [];

  private constructor(
    private readonly fixture: QueueFixture,
    private readonly healthy: RedisMessageQueue,
    private readonly faulty: RedisMessageQueue,
    private readonly deadLetters: RedisDeadLetters,
  ) {}

  static async start(fixture: QueueFixture): Promise<QueueModelRun> {
    const connections = await fixture.connect();
    return new QueueModelRun(
      fixture,
      await fixture.replica({ processingTimeoutMs: 0 }, connections),
      await fixture.faultyReplica(),
      new RedisDeadLetters(connections, { queueName: QUEUE }),
    );
  }

  async apply(move: QueueAction): Promise<void> {
    switch (move.kind) {
      case 'produce':
        this.produced.push(move.message);
        return await this.fixture.produce(move.message);
      case 'claim':
        return void this.claimed.push(...(await this.replica(move.replyLost).claim(move.limit)));
      case 'settle':
        return await this.settle(this.choose(this.claimed, move.pick), move.how, move.replyLost);
      case 'renew':
        return void (await this.healthy.renew([this.choose(this.claimed, move.pick)?.lease ?? 'unknown']));
      case 'expire':
        return await this.expire(this.choose(this.claimed, move.pick));
      case 'sweep':
        // A foreign consumer whose message was swept has crashed.
        if ((await this.healthy.sweep()).orphaned > 0) this.foreign = [];
        return;
      case 'promote':
        return void (await this.healthy.promote());
      case 'replay':
        return await this.replay(move.pick);
      case 'pause':
        return await this.healthy.pause(ACTION, null);
      case 'resume':
        return await this.healthy.resume(ACTION);
      case 'takeAsForeigner': {
        const taken = await this.fixture.client.rpoplpush(KEYS.main, KEYS.processing);
        if (taken !== null) this.foreign.push(taken);
        return;
      }
      case 'finishAsForeigner':
        return await this.finishAsForeignConsumer(this.choose(this.foreign, move.pick));
      case 'forgetScripts':
        return void (await this.fixture.client.script('FLUSH'));
    }
  }

  /** Every message produced, and every place where it may be: these two are always the same (M1). */
  async accountForMessages(): Promise<{ readonly produced: readonly string[]; readonly found: readonly string[] }> {
    const { client } = this.fixture;
    const delayed = (await client.zrange(KEYS.delayed, '0', '-1')).map((member) =>
      member.slice(member.indexOf('\n') + 1),
    );
    const lists = [await client.lrange(KEYS.main, 0, -1), await client.lrange(KEYS.processing, 0, -1)].flat();
    const dead = (await client.lrange(KEYS.deadLetter, 0, -1)).map(originalOf);
    return {
      produced: this.produced.toSorted(),
      found: [...lists, ...delayed, ...dead, ...this.done].toSorted(),
    };
  }

  /** What the service does when it is left alone; at the end nothing is left but the dead letters. */
  async drain(): Promise<void> {
    this.foreign = [];
    await this.healthy.resume(ACTION);
    for (const message of this.claimed) await this.expire(message);
    for (let sweeps = 0; sweeps < 4; sweeps += 1) await this.healthy.sweep();
    await this.healthy.promote();
    for (const message of await this.healthy.claim(500)) await this.settle(message, 'ack', false);
  }

  async unexpectedKeys(): Promise<readonly string[]> {
    const kept = new Set([KEYS.deadLetter, KEYS.audit, KEYS.meta, KEYS.stalls]);
    return (await this.fixture.keysInUse()).filter((key) => !kept.has(key));
  }

  private replica(replyLost: boolean): RedisMessageQueue {
    this.fixture.proxy.dropReplies(replyLost ? 1 : 0);
    return replyLost ? this.faulty : this.healthy;
  }

  private async settle(
    message: ClaimedMessage | undefined,
    how: Settlement['kind'],
    replyLost: boolean,
  ): Promise<void> {
    if (message === undefined) return;
    const original = Buffer.from(message.bytes).toString();
    const [result] = await this.replica(replyLost).settle([
      { lease: message.lease, settlement: settlement(how, original) },
    ]);
    // A repeat after a lost reply answers `already` to the first settlement.
    const first = !this.ended.has(message.lease) && result !== 'fenced';
    if (first && how === 'ack') this.done.push(original);
    this.ended.add(message.lease);
  }

  private async expire(message: ClaimedMessage | undefined): Promise<void> {
    if (message !== undefined) await this.fixture.client.zadd(KEYS.leases, 'XX', '1', message.lease);
  }

  private async replay(pick: number): Promise<void> {
    const { items } = await this.deadLetters.list({ limit: 100 });
    const letter = this.choose(items, pick);
    if (letter !== undefined) await this.deadLetters.replay(letter, ACTION);
  }

  private async finishAsForeignConsumer(message: string | undefined): Promise<void> {
    if (message === undefined) return;
    await this.fixture.client.lrem(KEYS.processing, 1, message);
    this.foreign.splice(this.foreign.indexOf(message), 1);
    this.done.push(message);
  }

  private choose<T>(among: readonly T[], pick: number): T | undefined {
    return among[pick % Math.max(1, among.length)];
  }
}

function settlement(kind: Settlement['kind'], original: string): Settlement {
  if (kind === 'delay') return { kind, delayMs: 0 };
  if (kind === 'retry') return { kind, delayMs: 0, reason: 'internal_error' };
  return kind === 'dead-letter'
    ? { kind, entry: JSON.stringify({ original_message: original, error: 'e' }) }
    : { kind };
}

function originalOf(entry: string): string {
  return (JSON.parse(entry) as { original_message: string }).original_message;
}
