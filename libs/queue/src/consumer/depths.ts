import type { QueueDepths } from '#core';
import { readDeadLetter } from '#messages';
import { LuaScript } from '#redis';
import type { Redis } from 'ioredis';
import { toUnixMs, timestampIn } from '../timestamp.js';
import type { QueueKeys } from '../queue-keys.js';
import { bytesOrNull, integer, list } from '../replies.js';

const SCRIPT = new LuaScript(
  new URL('../lua/clock.lua', import.meta.url),
  new URL('../lua/meta.lua', import.meta.url),
  new URL('../lua/depths.lua', import.meta.url),
);

/**
 * Reads depths and ages in one round trip. Ages count from the producer's timestamp (main), the claim (processing), the
 * first claim (delayed) and the failure (DLQ).
 */
export async function readDepths(redis: Redis, keys: QueueKeys): Promise<QueueDepths> {
  const { main, processing, delayed, deadLetter, meta } = keys;
  const reply = list(await SCRIPT.run(redis, [main, processing, delayed, deadLetter, meta], []));
  const now = integer(reply[0]);
  const depth = (messages: unknown, since: number | null) => ({
    messages: integer(messages),
    oldestAgeMs: since === null ? null : Math.max(0, now - since),
  });
  const waiting = bytesOrNull(reply[5]);
  const failed = bytesOrNull(reply[8]);
  return {
    main: depth(reply[1], waiting && timestampIn(waiting)),
    processing: depth(reply[2], integerOrNull(reply[6])),
    delayed: depth(reply[3], integerOrNull(reply[7])),
    deadLetter: depth(reply[4], failed && toUnixMs(readDeadLetter(failed).failedAt)),
  };
}

function integerOrNull(reply: unknown): number | null {
  return reply === null ? null : integer(reply);
}
