import { Logger } from '@nestjs/common';
import type { Redis } from 'ioredis';

const QUIET_MS = 60_000;

/** Logs connection losses and recoveries; at most one error per minute. */
export class ConnectionLog {
  private readonly logger = new Logger('RedisConnection');
  private lastErrorAt = -Infinity;
  private suppressed = 0;
  private lost = false;

  private constructor(private readonly name: string) {}

  /** @param reconnected called after each reconnect */
  static follow(redis: Redis, name: string, reconnected: () => void): void {
    const log = new ConnectionLog(name);
    redis.on('error', (error: unknown) => log.error(error));
    redis.on('close', () => {
      log.lost = true;
    });
    redis.on('ready', () => {
      if (log.back()) reconnected();
    });
  }

  // Logs the code only: text and fields of a driver error may hold user and password (S1).
  private error(error: unknown): void {
    if (performance.now() - this.lastErrorAt < QUIET_MS) {
      this.suppressed += 1;
      return;
    }
    this.logger.warn({
      event: 'redis.connection_lost',
      message: 'Redis connection failed',
      connection: this.name,
      code: codeOf(error),
      unsaid: this.suppressed,
    });
    this.lastErrorAt = performance.now();
    this.suppressed = 0;
  }

  private back(): boolean {
    if (!this.lost) return false;
    this.lost = false;
    this.lastErrorAt = -Infinity;
    this.logger.log({
      event: 'redis.connection_restored',
      message: 'Redis connection restored',
      connection: this.name,
    });
    return true;
  }
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  if ('code' in error && typeof error.code === 'string') return error.code;
  // These errors have only a text, which may quote a server reply.
  if (/^(?:Socket timeout|Command timed out)/.test(error.message)) return 'TIMEOUT';
  if (error.message.startsWith('All sentinels are unreachable')) return 'NO_SENTINEL_NAMES_MASTER';
  return /^[A-Z]{3,}\b/.exec(error.message)?.[0] ?? error.name;
}
