import { setTimeout as delay } from 'node:timers/promises';
import { DependencyProbe, type ProbeResult } from '#core';
import type { Redis } from 'ioredis';
import { waitUntilReady } from './connection/wait-until-ready.js';
import type { RedisConnections } from './connection/redis-connections.js';
import { redisError, unwrapReply } from './redis.errors.js';
import { assessState } from './redis-state.js';

const FRESH_MS = 5_000;
const PROBE_TIMEOUT_MS = 1_500;

/** Checks that Redis responds and accepts writes. Caches the result for 5 s. */
export class RedisHealthProbe extends DependencyProbe {
  override readonly name = 'redis';
  override readonly required = true;
  private found: { readonly at: number; readonly result: Promise<ProbeResult> } | null = null;

  /** @param onResult called with each uncached result */
  constructor(
    private readonly redis: RedisConnections,
    private readonly onResult: (result: ProbeResult) => void = () => undefined,
  ) {
    super();
  }

  override async check(): Promise<ProbeResult> {
    if (this.found === null || performance.now() - this.found.at > FRESH_MS) {
      this.found = { at: performance.now(), result: this.look() };
    }
    return await this.found.result;
  }

  private async look(): Promise<ProbeResult> {
    const patience = new AbortController();
    const silence: Promise<ProbeResult> = delay(
      PROBE_TIMEOUT_MS,
      { status: 'down', detail: 'no answer (TIMEOUT)' },
      patience,
    );
    const result = await Promise.race([ask(this.redis.http), silence]);
    patience.abort();
    silence.catch(() => undefined);
    this.onResult(result);
    return result;
  }
}

async function ask(redis: Redis): Promise<ProbeResult> {
  try {
    await waitUntilReady(redis);
    await unwrapReply(redis.ping());
    return await assessState(redis);
  } catch (error) {
    return { status: 'down', detail: `no answer (${redisError(error).code})` };
  }
}
