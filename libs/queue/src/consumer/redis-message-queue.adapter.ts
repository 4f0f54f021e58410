import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import {
  type ClaimedMessage,
  type LeaseHolder,
  MessageQueue,
  type OperatorAction,
  type QueueDepths,
  type SettleResult,
  type SweepReport,
} from '#core';
import { waitUntilReady, LuaScript, type RedisConnections, RedisUnavailableError, unwrapReply } from '#redis';
import { auditArguments } from '../audit-trail/audit-arguments.js';
import { Claims } from './claims.js';
import { readDepths } from './depths.js';
import { readLeaseHolders } from './lease-holders.js';
import { type QueueKeys, queueKeys } from '../queue-keys.js';
import type { QueueSettings } from '../queue-settings.js';
import { integer, list, text } from '../replies.js';
import { type SettledLease, Settlements } from './settlements.js';
import { Sweeper } from './sweeper.js';

const CLOCK = new URL('../lua/clock.lua', import.meta.url);
const HEAD = new URL('../lua/head.lua', import.meta.url);
const RENEW = new LuaScript(CLOCK, new URL('../lua/renew.lua', import.meta.url));
const PROMOTE = new LuaScript(CLOCK, HEAD, new URL('../lua/promote.lua', import.meta.url));
const AUDIT = new URL('../lua/audit.lua', import.meta.url);
const PAUSE = new LuaScript(CLOCK, AUDIT, new URL('../lua/pause.lua', import.meta.url));
const RESUME = new LuaScript(CLOCK, AUDIT, new URL('../lua/resume.lua', import.meta.url));

/** Maximum messages per script call. Lua accepts fewer than 8,000 values, and a script blocks Redis. */
const BATCH = 500;
/** Poll interval while the queue cannot block in Redis. */
const POLL_MS = 1_000;

/** The message queue on a Redis list shared with producers and foreign consumers. */
export class RedisMessageQueue extends MessageQueue {
  private readonly keys: QueueKeys;
  private readonly claims: Claims;
  private readonly settlements: Settlements;
  private readonly sweeper: Sweeper;
  private seenPaused = false;

  /** @param worker process name, unique per replica and start */
  constructor(
    private readonly redis: RedisConnections,
    private readonly settings: QueueSettings,
    worker: string,
  ) {
    super();
    this.keys = queueKeys(settings.queueName, settings);
    this.claims = new Claims(redis.commands, this.keys, {
      worker,
      leaseMs: settings.leaseDurationMs,
      home: settings.home,
    });
    this.settlements = new Settlements(redis.commands, this.keys);
    this.sweeper = new Sweeper(redis.commands, this.keys, settings);
  }

  /**
   * Blocks in Redis by moving the next message onto its own place, so a lost reply loses nothing. Sleeps instead while
   * the queue is paused.
   */
  override async wait(timeoutMs: number): Promise<void> {
    if (this.seenPaused) return await this.sleep(timeoutMs);
    const { main } = this.keys;
    try {
      await this.redis.blocking.block('BLMOVE', [main, main, 'RIGHT', 'RIGHT'], Math.max(1, timeoutMs));
    } catch (error) {
      // A full Redis rejects this move but accepts claims.
      if (!(error instanceof RedisUnavailableError && error.code === 'OOM')) throw error;
      await this.sleep(timeoutMs);
    }
  }

  override async claim(limit: number): Promise<readonly ClaimedMessage[]> {
    const { paused, messages } = await this.claims.claim(Math.min(limit, BATCH));
    this.seenPaused = paused;
    await this.release(messages.slice(limit));
    return messages.slice(0, limit);
  }

  override async read(leases: readonly string[]): Promise<readonly (Uint8Array | null)[]> {
    return await unwrapReply(this.redis.commands.hmgetBuffer(this.keys.inflight, ...leases));
  }

  override async renew(leases: readonly string[]): Promise<readonly string[]> {
    const gone: string[] = [];
    for (let at = 0; at < leases.length; at += BATCH) {
      const args = [this.settings.leaseDurationMs, ...leases.slice(at, at + BATCH)];
      const reply = list(await RENEW.runIdempotent(this.redis.commands, [this.keys.leases], args));
      gone.push(...reply.map((lease) => text(lease)));
    }
    return gone;
  }

  override async settle(settlements: readonly SettledLease[]): Promise<readonly SettleResult[]> {
    return await this.settlements.settle(settlements);
  }

  override async promote(): Promise<number> {
    const { delayed, main } = this.keys;
    return integer(await PROMOTE.runIdempotent(this.redis.commands, [delayed, main], [BATCH]));
  }

  /** Skips one lease duration after an outage, so that live replicas renew first. */
  override async sweep(): Promise<SweepReport> {
    await waitUntilReady(this.redis.commands);
    if (this.redis.sinceRecoveryMs < this.settings.leaseDurationMs) return { expired: 0, orphaned: 0 };
    return await this.sweeper.sweep();
  }

  override async depths(): Promise<QueueDepths> {
    return await readDepths(this.redis.http, this.keys);
  }

  override async isPaused(): Promise<boolean> {
    return (await unwrapReply(this.redis.http.exists(this.keys.paused))) === 1;
  }

  override async leaseHolders(): Promise<readonly LeaseHolder[]> {
    return await readLeaseHolders(this.redis.http, this.keys);
  }

  override async pause(action: OperatorAction, ttlMs: number | null): Promise<void> {
    const { paused, audit } = this.keys;
    await PAUSE.runIdempotent(this.redis.http, [paused, audit], [ttlMs ?? '', randomUUID(), ...auditArguments(action)]);
  }

  override async resume(action: OperatorAction): Promise<void> {
    const { paused, audit } = this.keys;
    await RESUME.runIdempotent(this.redis.http, [paused, audit], [randomUUID(), ...auditArguments(action)]);
  }

  private async release(messages: readonly ClaimedMessage[]): Promise<void> {
    await this.settle(messages.map(({ lease }) => ({ lease, settlement: { kind: 'release' } })));
  }

  private async sleep(timeoutMs: number): Promise<void> {
    await delay(Math.min(timeoutMs, POLL_MS));
  }
}
