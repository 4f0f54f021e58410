import type { QueueKeys } from '#queue';
import type { Redis } from 'ioredis';
import type { QueueModel } from './queue-model.js';

/** Whether Redis holds what the audit found that it must: if not, the audit itself is wrong. */
export async function compareWithRedis(redis: Redis, keys: QueueKeys, model: QueueModel): Promise<readonly string[]> {
  const pairs = [
    ['main', await redis.lrange(keys.main, 0, -1), model.main],
    ['processing', await redis.lrange(keys.processing, 0, -1), model.processing],
    ['dead letters', await redis.lrange(keys.deadLetter, 0, -1), model.deadLetters],
    ['delayed', (await redis.zrange(keys.delayed, '0', '-1')).toSorted(), [...model.delayed].toSorted()],
    ['in flight', (await redis.hkeys(keys.inflight)).toSorted(), [...model.inflight.keys()].toSorted()],
  ] as const;
  return pairs
    .filter(([, found, expected]) => JSON.stringify(found) !== JSON.stringify(expected))
    .map(([place, found, expected]) => `${place}: ${found.length} in Redis, ${expected.length} by the audit`);
}

/** No key but these may outlive the messages. */
export async function unexpectedKeys(redis: Redis, keys: QueueKeys): Promise<readonly string[]> {
  const expected = new Set([keys.deadLetter, keys.fenced, keys.audit, keys.home]);
  const found = await redis.keys(`${keys.main}*`);
  return found
    .filter((key) => !expected.has(key) && !key.startsWith(`${keys.claims}:`))
    .map((key) => `${key} was left behind`);
}

/** Every entry is there once, by its id. */
export function duplicateDeadLetters(entries: readonly string[]): readonly string[] {
  const seen = new Set<string>();
  return entries.flatMap((entry) => {
    const { id } = JSON.parse(entry) as { id: string };
    if (seen.has(id)) return [`the dead letter ${id} is there twice`];
    seen.add(id);
    return [];
  });
}

/** What Redis confirmed to the producer must be there, and nothing that it never sent. */
export function unexpectedMessages(
  known: ReadonlyMap<string, { readonly confirmed: number; readonly unknown: number }>,
  found: ReadonlyMap<string, number>,
): readonly string[] {
  const missing = [...known].flatMap(([message, { confirmed, unknown }]) => {
    const copies = found.get(message) ?? 0;
    return copies >= confirmed && copies <= confirmed + unknown
      ? []
      : [`${message}: ${confirmed} pushes confirmed, ${unknown} unknown, ${copies} found`];
  });
  return [
    ...missing,
    ...[...found.keys()].filter((message) => !known.has(message)).map((m) => `no producer sent ${m}`),
  ];
}
