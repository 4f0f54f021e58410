import type { SweepReport } from '#core';
import { LuaScript } from '#redis';
import type { Redis } from 'ioredis';
import type { QueueKeys } from '../queue-keys.js';
import type { QueueSettings } from '../queue-settings.js';
import { integer, list } from '../replies.js';

const CLOCK = new URL('../lua/clock.lua', import.meta.url);
const HEAD = new URL('../lua/head.lua', import.meta.url);
const LEASE_NAME = new URL('../lua/lease-name.lua', import.meta.url);
const STALLS = new URL('../lua/stalls.lua', import.meta.url);
const EXPIRED = new LuaScript(CLOCK, LEASE_NAME, STALLS, new URL('../lua/sweep.lua', import.meta.url));
const ORPHANS = new LuaScript(CLOCK, HEAD, LEASE_NAME, new URL('../lua/sweep-orphans.lua', import.meta.url));

/**
 * Messages per sweep; the default in-flight limit of one replica, so its messages return in order. Blocks Redis for
 * about 50 ms.
 */
const MAX_LEASES = 5_000;
const WINDOW = 500;
/** Bytes that one call reads; blocks Redis for less than 100 ms. */
const MAX_SWEPT_BYTES = 32 * 1024 * 1024;
const MAX_WINDOW_BYTES = 8 * 1024 * 1024;
const DAY_MS = 86_400_000;

/**
 * Requeues messages of crashed and foreign consumers. Does not repeat a sweep after a lost reply, so that live replicas
 * can renew first.
 */
export class Sweeper {
  private distance = 0;

  constructor(
    private readonly redis: Redis,
    private readonly keys: QueueKeys,
    private readonly options: Pick<QueueSettings, 'processingTimeoutMs' | 'leaseDurationMs'>,
  ) {}

  async sweep(): Promise<SweepReport> {
    return { expired: await this.sweepExpired(), orphaned: await this.sweepOrphans() };
  }

  private async sweepExpired(): Promise<number> {
    const { leases, inflight, processing, main, stalls, fenced } = this.keys;
    const keys = [leases, inflight, processing, main, stalls, fenced];
    const args = [MAX_LEASES, DAY_MS, this.options.leaseDurationMs, MAX_SWEPT_BYTES];
    return integer(await EXPIRED.run(this.redis, keys, args));
  }

  private async sweepOrphans(): Promise<number> {
    const { processing, leases, inflight, orphans, main, fenced } = this.keys;
    const [returned, next] = list(
      await ORPHANS.run(
        this.redis,
        [processing, leases, inflight, orphans, main, fenced],
        [this.options.processingTimeoutMs, WINDOW, this.distance, DAY_MS, MAX_WINDOW_BYTES],
      ),
    );
    this.distance = integer(next);
    return integer(returned);
  }
}
