import { HoldError } from '#core';

/** Replies by which a working Redis says "not now": https://redis.io/docs/latest/develop/reference/protocol-spec/#simple-errors */
const PASSING = [
  'LOADING',
  'CLUSTERDOWN',
  'TRYAGAIN',
  'MOVED',
  'ASK',
  'BUSY',
  'OOM',
  'MASTERDOWN',
  'READONLY',
  'UNBLOCKED',
  'NOREPLICAS',
  'MISCONF',
  'NOAUTH',
  'WRONGPASS',
  'NOPERM',
] as const;

/**
 * Replies after which the same connection may stay useless: the server behind it changed its role, gave the slot away, or
 * is cut off from the cluster, which has a new master meanwhile.
 */
const STALE_CONNECTION = /(?:^|[\s-])(?:READONLY|UNBLOCKED|MASTERDOWN|MOVED|CLUSTERDOWN)\b/;

/** Redis cannot answer at the moment. The command may have been carried out all the same (`replyLost`). */
export class RedisUnavailableError extends HoldError {
  constructor(
    /** Redis' own error code, such as `LOADING`; `CONNECTION` when there was no reply at all. */
    readonly code: string,
    message: string,
  ) {
    super('redis_unavailable', message);
    this.name = 'RedisUnavailable';
  }

  /** True when nobody can tell whether the command was carried out. */
  get replyLost(): boolean {
    return this.code === 'CONNECTION';
  }
}

/** Redis answered that it will never do this: a key of another type, keys in several slots, a script at fault. */
export class RedisCommandError extends Error {
  constructor(
    /** Redis' own error code, such as `WRONGTYPE`. */
    readonly code: string,
    message: string,
  ) {
    super(message);
    this.name = 'RedisRefused';
  }
}

/**
 * Turns what ioredis throws into one of the two errors above. The original is not kept as `cause`: it carries the
 * arguments of the command, and those of AUTH are the password (S1).
 */
export function redisError(error: unknown): RedisUnavailableError | RedisCommandError {
  if (error instanceof RedisUnavailableError || error instanceof RedisCommandError) return error;
  const message = error instanceof Error ? error.message : 'no reply';
  if (!(error instanceof Error) || error.name !== 'ReplyError') return new RedisUnavailableError('CONNECTION', message);
  const passing = PASSING.find((code) => new RegExp(`(?:^|[\\s-])${code}\\b`).test(message));
  return passing === undefined
    ? new RedisCommandError(/^[A-Z]+/.exec(message)?.[0] ?? 'ERR', message)
    : new RedisUnavailableError(passing, message);
}

/** Waits for a reply; throws `RedisUnavailableError` or `RedisCommandError` and nothing else. */
export async function unwrapReply<T>(reply: Promise<T>): Promise<T> {
  try {
    return await reply;
  } catch (error) {
    throw redisError(error);
  }
}

/** For ioredis' `reconnectOnError`: such a reply ends the connection, and the next one finds the present primary. */
export function endsConnection(error: Error): boolean {
  return STALE_CONNECTION.test(error.message);
}
