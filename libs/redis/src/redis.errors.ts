import { HoldError } from '#core';

/** Transient error replies: https://redis.io/docs/latest/develop/reference/protocol-spec/#simple-errors */
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

/** How Redis 6 and 7 refuse a command or a key within a script. */
const DENIED_IN_SCRIPT = /user executing the script can't|no permissions to/;

/** Replies of a server that changed its role, lost the slot or left the cluster. The connection stays unusable. */
const STALE_CONNECTION = /(?:^|[\s-])(?:READONLY|UNBLOCKED|MASTERDOWN|MOVED|CLUSTERDOWN)\b/;

/** Redis is unavailable. The command may have run (`replyLost`). */
export class RedisUnavailableError extends HoldError {
  constructor(
    /** Redis' own error code, such as `LOADING`; `CONNECTION` without a reply. */
    readonly code: string,
    message: string,
  ) {
    super('redis_unavailable', message);
    this.name = 'RedisUnavailableError';
  }

  /** True when the command may have run. */
  get replyLost(): boolean {
    return this.code === 'CONNECTION';
  }
}

/** A key has another type than the service gives it. Ends when the key is repaired; `LedgerCheck` names it. */
export class RedisKeyTypeError extends HoldError {
  readonly code = 'WRONGTYPE';

  constructor() {
    super('ledger_unreadable', 'a Redis key has the wrong type (WRONGTYPE)');
    this.name = 'RedisKeyTypeError';
  }
}

/** A permanent Redis error: keys in several slots or a faulty script. */
export class RedisCommandError extends Error {
  constructor(
    /** Redis' own error code, such as `CROSSSLOT`. */
    readonly code: string,
    message: string,
  ) {
    super(message);
    this.name = 'RedisCommandError';
  }
}

/**
 * Maps an ioredis error to one of the errors above. Drops the original, because its arguments may hold the password
 * (S1).
 */
export function redisError(error: unknown): RedisUnavailableError | RedisKeyTypeError | RedisCommandError {
  if (error instanceof RedisUnavailableError || error instanceof RedisKeyTypeError) return error;
  if (error instanceof RedisCommandError) return error;
  const message = error instanceof Error ? error.message : 'no reply';
  if (!(error instanceof Error) || error.name !== 'ReplyError') return new RedisUnavailableError('CONNECTION', message);
  if (DENIED_IN_SCRIPT.test(message)) return new RedisUnavailableError('NOPERM', message);
  if (/(?:^|[\s-])WRONGTYPE\b/.test(message)) return new RedisKeyTypeError();
  const passing = PASSING.find((code) => new RegExp(`(?:^|[\\s-])${code}\\b`).test(message));
  return passing === undefined
    ? new RedisCommandError(/^[A-Z]+/.exec(message)?.[0] ?? 'ERR', message)
    : new RedisUnavailableError(passing, message);
}

/** Waits for a reply; throws `RedisUnavailableError`, `RedisKeyTypeError` or `RedisCommandError` only. */
export async function unwrapReply<T>(reply: Promise<T>): Promise<T> {
  try {
    return await reply;
  } catch (error) {
    throw redisError(error);
  }
}

/** For ioredis' `reconnectOnError`: reconnects after such a reply, to find the current primary. */
export function endsConnection(error: Error): boolean {
  return STALE_CONNECTION.test(error.message);
}
