import { DependencyProbe, PollingLoop, type ProbeResult, sleep, sleepResponsive } from '#core';
import type { Redis } from 'ioredis';
import { waitUntilReady } from './connection/wait-until-ready.js';
import type { RedisConnections } from './connection/redis-connections.js';
import { redisError, unwrapReply } from './redis.errors.js';
import { assessState } from './redis-state.js';

const FRESH_MS = 2_000;
const PROBE_TIMEOUT_MS = 1_500;

/** Checks every 2 s that Redis responds and accepts writes. A request gets the newest result. */
export class RedisHealthProbe extends DependencyProbe {
  override readonly name = 'redis';
  override readonly required = true;
  private found: { readonly at: number; readonly result: Promise<ProbeResult> } | null = null;
  private readonly loop = new PollingLoop(async (signal) => {
    await this.check();
    await sleep(FRESH_MS, signal);
  });

  /** @param onResult called with each uncached result */
  constructor(
    private readonly redis: RedisConnections,
    private readonly onResult: (result: ProbeResult) => void = () => undefined,
  ) {
    super();
  }

  start(): void {
    this.loop.start();
  }

  async stop(): Promise<void> {
    await this.loop.stop();
  }

  override async check(): Promise<ProbeResult> {
    if (this.found === null || performance.now() - this.found.at >= FRESH_MS) {
      this.found = { at: performance.now(), result: this.look() };
    }
    return await this.found.result;
  }

  private async look(): Promise<ProbeResult> {
    const patience = new AbortController();
    const silence = async (): Promise<ProbeResult> => {
      await sleepResponsive(PROBE_TIMEOUT_MS, patience.signal);
      return { status: 'down', detail: 'no answer (TIMEOUT)' };
    };
    const result = await Promise.race([askTwice(this.redis), silence()]);
    patience.abort();
    this.onResult(result);
    return result;
  }
}

/** A command that timed out while the event loop was blocked says nothing about Redis: the second one does. */
async function askTwice(redis: RedisConnections): Promise<ProbeResult> {
  const first = await ask(redis);
  return first.status === 'down' ? await ask(redis) : first;
}

async function ask({ http, scratchKey }: RedisConnections): Promise<ProbeResult> {
  try {
    await waitUntilReady(http);
    await unwrapReply(http.ping());
  } catch (error) {
    const { code } = redisError(error);
    return {
      status: 'down',
      detail: code === 'CONNECTION' ? `no answer (${code})` : `Redis refuses commands (${code})`,
    };
  }
  const state = await assessState(http);
  return state.status === 'down' ? state : ((await refusalToWrite(http, scratchKey)) ?? state);
}

/** Deletes a key that does not exist: Redis refuses it like any write, and otherwise changes and replicates nothing. */
async function refusalToWrite(redis: Redis, scratchKey: string): Promise<ProbeResult | null> {
  try {
    await unwrapReply(redis.del(scratchKey));
    return null;
  } catch (error) {
    return { status: 'down', detail: `Redis takes no writes (${redisError(error).code})` };
  }
}
