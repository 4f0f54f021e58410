import { MAX_CLAIM_BYTES } from '#core';
import { LuaScript } from '#redis';
import type { Redis } from 'ioredis';
import { type ClaimReply, readClaim } from './claim-reply.js';
import { HOME_LUA, homeArguments, type QueueHome, WrongHomeError } from '../home/queue-home.js';
import type { QueueKeys } from '../queue-keys.js';

const SCRIPT = new LuaScript(
  new URL('../lua/clock.lua', import.meta.url),
  new URL('../lua/meta.lua', import.meta.url),
  new URL('../lua/lease-name.lua', import.meta.url),
  new URL('../lua/stalls.lua', import.meta.url),
  HOME_LUA,
  new URL('../lua/claim.lua', import.meta.url),
);

interface Claim {
  readonly number: number;
  readonly limit: number;
}

/**
 * Claims messages under increasing claim numbers. Reuses a number whose reply was lost, to receive its messages without
 * waiting for their leases to expire.
 */
export class Claims {
  private lastNumber = 0;
  private readonly unanswered: Claim[] = [];

  constructor(
    private readonly redis: Redis,
    private readonly keys: QueueKeys,
    private readonly options: {
      readonly worker: string;
      readonly leaseMs: number;
      readonly home: QueueHome;
    },
  ) {}

  /**
   * May return more than `limit` messages after a lost reply.
   *
   * @throws WrongHomeError when the queue is pinned to another chain or contract
   */
  async claim(limit: number): Promise<Omit<ClaimReply, 'pinned'>> {
    const { main, processing, leases, inflight, meta, stalls, paused, claims, home } = this.keys;
    const { worker, leaseMs } = this.options;
    const claim = this.unanswered.pop() ?? { number: this.nextNumber(), limit };
    // Zero-padded, so that lease names sort in claim order.
    const number = String(claim.number).padStart(10, '0');
    try {
      const reply = await SCRIPT.runIdempotent(
        this.redis,
        [main, processing, leases, inflight, meta, stalls, paused, `${claims}:${worker}`, home],
        [worker, number, claim.limit, leaseMs, MAX_CLAIM_BYTES, ...homeArguments(this.options.home)],
      );
      const { pinned, ...answer } = readClaim(reply, `${worker}:${number}`);
      if (pinned !== null) throw new WrongHomeError(this.keys.main, pinned, this.options.home);
      return answer;
    } catch (error) {
      this.unanswered.push(claim);
      throw error;
    }
  }

  private nextNumber(): number {
    this.lastNumber += 1;
    return this.lastNumber;
  }
}
