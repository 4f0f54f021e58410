import type { ClaimedMessage } from '#core';
import { LuaScript } from '#redis';
import type { Redis } from 'ioredis';
import type { QueueKeys } from './queue-keys.js';
import { bytes, integer, list, text } from './replies.js';

const CLOCK = new URL('./lua/clock.lua', import.meta.url);
const META = new URL('./lua/meta.lua', import.meta.url);
const SCRIPT = new LuaScript(CLOCK, META, new URL('./lua/claim.lua', import.meta.url));

/** Fields that the script returns for each message. */
const FIELDS = 4;

export interface ClaimReply {
  readonly paused: boolean;
  readonly messages: readonly ClaimedMessage[];
}

interface Claim {
  readonly number: number;
  readonly limit: number;
}

/**
 * Numbers the claims of this process. A number whose reply was lost is kept and used again: messages that Redis has
 * moved under it are found, instead of waiting for their leases to run out.
 */
export class Claims {
  private lastNumber = 0;
  private readonly unanswered: Claim[] = [];

  constructor(
    private readonly redis: Redis,
    private readonly keys: QueueKeys,
    private readonly options: { readonly worker: string; readonly leaseMs: number },
  ) {}

  /** May return more than `limit` messages: those of an earlier claim whose reply was lost. */
  async claim(limit: number): Promise<ClaimReply> {
    const { main, processing, leases, inflight, meta, stalls, paused, claims } = this.keys;
    const { worker, leaseMs } = this.options;
    const claim = this.unanswered.pop() ?? { number: this.nextNumber(), limit };
    try {
      const reply = await SCRIPT.runUntilReplied(
        this.redis,
        [main, processing, leases, inflight, meta, stalls, paused, `${claims}:${worker}`],
        [worker, claim.number, claim.limit, leaseMs],
      );
      return read(list(reply), `${worker}:${claim.number}`);
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

function read(reply: readonly unknown[], token: string): ClaimReply {
  const messages: ClaimedMessage[] = [];
  for (let at = 1; at < reply.length; at += FIELDS) {
    const [deliveries, attempts, replays, firstSeenAt] = counters(reply[at + 2]);
    messages.push({
      lease: `${token}:${messages.length + 1}`,
      bytes: bytes(reply[at]),
      digest: text(reply[at + 1]),
      deliveries,
      attempts,
      replays,
      firstSeenAt,
      stalls: integer(reply[at + 3]),
    });
  }
  return { paused: reply[0] === 1, messages };
}

/** As `meta.lua` writes them; null after an identical copy was acknowledged. */
function counters(packed: unknown): readonly [number, number, number, number] {
  if (packed === null) return [1, 0, 0, Date.now()];
  const [deliveries, attempts, replays, firstSeenAt] = text(packed).split(' ').map(Number);
  return [deliveries ?? 1, attempts ?? 0, replays ?? 0, firstSeenAt ?? 0];
}
