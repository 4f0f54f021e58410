import type { Redis } from 'ioredis';
import { RedisCommandError, RedisUnavailableError, unwrapReply } from './redis.errors.js';

const NEEDED = 'the service needs Redis 6.2 or newer';
const MINIMUM: readonly [major: number, minor: number] = [6, 2];

/** What `INFO` says of a server. */
export interface ServerInfo {
  readonly version: string | null;
  readonly isCluster: boolean;
}

/**
 * Returns null for a user who may not run INFO.
 *
 * @throws RedisUnavailableError
 */
export async function readServerInfo(redis: Redis): Promise<ServerInfo | null> {
  try {
    const info = await unwrapReply(redis.info());
    const version = /^redis_version:(\S+)/m.exec(info)?.[1] ?? null;
    return { version, isCluster: /^cluster_enabled:1/m.test(info) };
  } catch (error) {
    if (error instanceof RedisUnavailableError && error.code === 'NOPERM') return null;
    throw error;
  }
}

/**
 * Says why the server is too old; null when it is not. The commands count where the version is unknown, and where another
 * server than Redis states one.
 *
 * @param scratchKey a key that stays absent
 * @throws RedisUnavailableError
 */
export async function findVersionProblem(
  redis: Redis,
  scratchKey: string,
  version: string | null,
): Promise<string | null> {
  if (version !== null && isTooOld(version)) return `Redis ${version} is too old: ${NEEDED}`;
  const missing: string[] = [];
  for (const [command, ...args] of [
    ['BLMOVE', scratchKey, scratchKey, 'RIGHT', 'RIGHT', '0.001'],
    ['LMOVE', scratchKey, scratchKey, 'RIGHT', 'RIGHT'],
    ['ZMSCORE', scratchKey, ''],
  ] as const) {
    if (await isUnknown(redis.call(command, ...args))) missing.push(command);
  }
  return missing.length === 0 ? null : `Redis ${version ?? 'of unknown version'} ${describeMissing(missing)}`;
}

export function describeMissing(commands: readonly string[]): string {
  return `has no ${commands.join(', ')}: ${NEEDED}`;
}

export function isTooOld(version: string): boolean {
  const [major = NaN, minor = NaN] = version.split('.').map(Number);
  return major < MINIMUM[0] || (major === MINIMUM[0] && minor < MINIMUM[1]);
}

async function isUnknown(reply: Promise<unknown>): Promise<boolean> {
  try {
    await unwrapReply(reply);
    return false;
  } catch (error) {
    if (error instanceof RedisCommandError) return /unknown command/i.test(error.message);
    // A denied command is known, and a full Redis refuses to run one.
    if (error instanceof RedisUnavailableError && !error.replyLost) return false;
    throw error;
  }
}
