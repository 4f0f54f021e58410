import type { Redis } from 'ioredis';
import { unwrapReply } from '#redis';

/** Yields a list from its right end, oldest first. Concurrent left pushes are safe. */
export async function* listPages(redis: Redis, key: string, size: number): AsyncIterable<readonly Buffer[]> {
  for (let passed = 0; ;) {
    const page = await unwrapReply(redis.lrangeBuffer(key, -(passed + size), -(passed + 1)));
    if (page.length === 0) return;
    yield page.toReversed();
    passed += page.length;
    if (page.length < size) return;
  }
}

/** Yields a sorted set by score. Members of equal score must fit into one page. */
export async function* scorePages(redis: Redis, key: string, size: number): AsyncIterable<readonly Buffer[]> {
  for (let above = '-inf'; ;) {
    const flat = await unwrapReply(redis.zrangebyscoreBuffer(key, above, '+inf', 'WITHSCORES', 'LIMIT', 0, size));
    if (flat.length === 0) return;
    yield flat.filter((_, index) => index % 2 === 0);
    above = `(${String(flat.at(-1))}`;
  }
}

/** Yields a sorted set unordered, possibly with duplicates. */
export async function* memberPages(redis: Redis, key: string, size: number): AsyncIterable<readonly Buffer[]> {
  let cursor = '0';
  do {
    const [next, flat] = await unwrapReply(redis.zscanBuffer(key, cursor, 'COUNT', size));
    cursor = next.toString();
    yield flat.filter((_, index) => index % 2 === 0);
  } while (cursor !== '0');
}

/** Yields a hash unordered, possibly with duplicates. */
export async function* fieldPages(
  redis: Redis,
  key: string,
  size: number,
): AsyncIterable<readonly (readonly [field: Buffer, value: Buffer])[]> {
  let cursor = '0';
  do {
    const [next, flat] = await unwrapReply(redis.hscanBuffer(key, cursor, 'COUNT', size));
    cursor = next.toString();
    yield flat.flatMap((field, index): (readonly [Buffer, Buffer])[] => {
      const value = flat[index + 1];
      return index % 2 === 0 && value !== undefined ? [[field, value]] : [];
    });
  } while (cursor !== '0');
}
