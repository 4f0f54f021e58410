import { readFileSync } from 'node:fs';
import type { Redis } from 'ioredis';
import { RedisUnavailableError, unwrapReply } from '../redis.errors.js';
import { describeMissing } from '../server-version.js';

const DENIED_COMMANDS = readFileSync(new URL('denied-commands.lua', import.meta.url), 'utf8');

/** Commands that change nothing. A script of these alone runs unproven, such as for a user that may only read. */
const READS = new Set(
  [
    'TIME EXISTS TYPE GET HGET HMGET HGETALL HKEYS HLEN HEXISTS LLEN LRANGE LINDEX SMEMBERS SISMEMBER XRANGE XREVRANGE',
    'ZSCORE ZMSCORE ZCARD ZRANGE ZREVRANGE ZRANGEBYSCORE ZREVRANGEBYSCORE',
  ].flatMap((names) => names.split(' ')),
);
/** Commands of every script of the process. */
const commands = new Set<string>();
/** Connections whose user may run all of them. */
const proven = new WeakSet<Redis>();

/** Adds the commands of a script to those that must be permitted. */
export function addCommandsOf(script: string): { readonly writes: boolean; readonly check: string } {
  const calls = Array.from(script.matchAll(/redis\.call\([^,)]*/g), ([call]) => call).join(' ');
  const found = new Set(Array.from(calls.matchAll(/'([A-Z]+)'/g), ([, command = '']) => command));
  for (const command of found) commands.add(command);
  return { writes: [...found].some((command) => !READS.has(command)), check: checkOf([...found]) };
}

/** Lua that refuses the script as a whole when the user may not run one of its commands. Redis 6 cannot tell (since 7.0). */
function checkOf(script: readonly string[]): string {
  return `for _, command in ipairs({ ${script.map((command) => `'${command}'`).join(', ')} }) do
  if redis.acl_check_cmd and not redis.acl_check_cmd(command) then
    return redis.error_reply("NOPERM this user has no permissions to run the '" .. command .. "' command")
  end
end`;
}

/**
 * Proves before the first writing script of a connection, and again after a denial, that its user may run every command of
 * every script: Redis does not roll back a script that it refuses half-way.
 *
 * Does not use ACL DRYRUN, which is `@dangerous`: the documented user may not run it.
 *
 * @param keys of the script; their slot in Redis Cluster is used
 * @throws RedisUnavailableError that names the denied commands, or those that an old Redis lacks
 */
export async function provePermissions(redis: Redis, keys: readonly string[]): Promise<void> {
  if (proven.has(redis)) return;
  const scratch = `${keys.find((key) => key.includes('{')) ?? keys[0] ?? ''}:scratch`;
  const reply = await unwrapReply(redis.eval(DENIED_COMMANDS, 1, scratch, ...[...commands].toSorted()));
  const [denied = [], unknown = []] = Array.isArray(reply) ? reply.map((names) => namesIn(names)) : [];
  if (unknown.length > 0) throw new RedisUnavailableError('UNKNOWN', `Redis ${describeMissing(unknown)}`);
  if (denied.length > 0) {
    throw new RedisUnavailableError(
      'NOPERM',
      `the Redis user may not run ${denied.join(', ')}: permit it with ACL SETUSER`,
    );
  }
  proven.add(redis);
}

function namesIn(reply: unknown): readonly string[] {
  return Array.isArray(reply) ? reply.map(String) : [];
}

/** Makes the next script prove its permissions again after a denial. */
export function forgetPermissions(redis: Redis, error: unknown): void {
  if (error instanceof RedisUnavailableError && error.code === 'NOPERM') proven.delete(redis);
}
