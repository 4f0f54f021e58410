import type { ProbeResult } from '#core';
import type { Redis } from 'ioredis';
import { unwrapReply } from './redis.errors.js';

/** Assesses role, eviction policy and memory of Redis. https://redis.io/docs/latest/commands/info/ */
export async function assessState(redis: Redis): Promise<ProbeResult> {
  const [memory, replication] = [await section(redis, 'memory'), await section(redis, 'replication')];
  if (replication.get('role') === 'slave') return { status: 'down', detail: 'Redis is a replica and takes no writes' };
  const policy = memory.get('maxmemory_policy') ?? 'noeviction';
  // With any other policy a full Redis drops messages and the journal.
  if (policy !== 'noeviction')
    return { status: 'degraded', detail: `maxmemory-policy is ${policy}, not noeviction: Redis may drop messages` };
  const [used, limit] = [Number(memory.get('used_memory')), Number(memory.get('maxmemory'))];
  if (limit > 0 && used >= limit) return { status: 'degraded', detail: 'Redis is at its memory limit' };
  return { status: 'up', detail: null };
}

/** Empty when the ACL denies INFO. */
async function section(redis: Redis, name: string): Promise<ReadonlyMap<string, string>> {
  const text = await unwrapReply(redis.info(name)).catch(() => '');
  return new Map(Array.from(text.matchAll(/^(\w+):(\S*)/gm), ([, field = '', value = '']) => [field, value] as const));
}
