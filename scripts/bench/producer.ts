import type { Redis } from 'ioredis';

/** Names that the platform knows. */
export const QUEUE = 'hokusai:model_ready_queue';
const DEPLOYED_QUEUE = 'hokusai:token_deployed_queue';
/** Messages in one LPUSH. */
const CHUNK = 500;

/** As fast as Redis takes them; the first is the oldest. */
export async function push(redis: Redis, messages: Iterable<string>, queue = QUEUE): Promise<void> {
  let chunk: string[] = [];
  for (const message of messages) {
    if (chunk.push(message) < CHUNK) continue;
    await redis.lpush(queue, ...chunk);
    chunk = [];
  }
  if (chunk.length > 0) await redis.lpush(queue, ...chunk);
}

/** Whether so many events are out and every message has left the way, none of them dead. */
export async function isSettled(redis: Redis, events: number): Promise<boolean> {
  if ((await redis.llen(`${QUEUE}:dlq`)) > 0) throw new Error('a message of the benchmark is dead');
  return (await redis.llen(DEPLOYED_QUEUE)) >= events && (await redis.llen(`${QUEUE}:processing`)) === 0;
}
