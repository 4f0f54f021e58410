import type { LeaseHolder } from '#core';
import { LuaScript } from '#redis';
import type { Redis } from 'ioredis';
import type { QueueKeys } from '../queue-keys.js';
import { integer, list, text } from '../replies.js';

const SCRIPT = new LuaScript(
  new URL('../lua/clock.lua', import.meta.url),
  new URL('../lua/lease-name.lua', import.meta.url),
  new URL('../lua/holders.lua', import.meta.url),
);

/** Maximum leases to read; 20,000 block Redis for about 10 ms. */
const MAX_LEASES = 20_000;

export async function readLeaseHolders(redis: Redis, { leases }: QueueKeys): Promise<readonly LeaseHolder[]> {
  const reply = list(await SCRIPT.run(redis, [leases], [MAX_LEASES]));
  const holders: LeaseHolder[] = [];
  for (let at = 0; at < reply.length; at += 3) {
    const leaseLeftMs = Math.max(0, integer(reply[at + 2]));
    holders.push({ worker: text(reply[at]), messages: integer(reply[at + 1]), leaseLeftMs });
  }
  return holders;
}
