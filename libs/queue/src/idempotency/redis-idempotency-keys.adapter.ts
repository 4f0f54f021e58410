import { createHash, randomUUID } from 'node:crypto';
import { HoldError, IdempotencyKeys, type Reservation, type StoredAnswer } from '#core';
import { LuaScript, type RedisConnections, unwrapReply } from '#redis';
import { type QueueKeys, queueKeys } from '../queue-keys.js';
import type { QueueSettings } from '../queue-settings.js';
import { bytes, list, text, UnexpectedReplyError } from '../replies.js';

const CLOCK = new URL('../lua/clock.lua', import.meta.url);
const RESERVE = new LuaScript(CLOCK, new URL('../lua/reserve-key.lua', import.meta.url));
const STORE = new LuaScript(CLOCK, new URL('../lua/store-answer.lua', import.meta.url));

const RESERVATION_MS = 60_000;
const DAY_MS = 86_400_000;
const MAX_BYTES_PER_HOUR = 16 * 1024 * 1024;

/** Stores each key in a Redis hash with a TTL. */
export class RedisIdempotencyKeys extends IdempotencyKeys {
  private readonly keys: QueueKeys;

  constructor(
    private readonly redis: RedisConnections,
    settings: Pick<QueueSettings, 'queueName' | 'braced'>,
  ) {
    super();
    this.keys = queueKeys(settings.queueName, settings);
  }

  override async reserve(key: string, fingerprint: string): Promise<Reservation> {
    const name = this.nameOf(key);
    const args = [fingerprint, RESERVATION_MS, randomUUID(), MAX_BYTES_PER_HOUR];
    const keys = [name, this.keys.idempotency];
    const [result, detail] = list(await RESERVE.runIdempotent(this.redis.http, keys, args));
    const kind = text(result);
    if (kind === 'answered') return { kind, answer: readAnswer(bytes(detail).toString('utf8')) };
    if (kind === 'exhausted') return { kind, waitMs: Number(detail) };
    if (kind === 'unreadable')
      throw new HoldError(
        'ledger_unreadable',
        `Redis key ${name} is a ${text(detail)}; the service needs a hash there: delete it`,
      );
    if (kind === 'reserved' || kind === 'in_progress' || kind === 'mismatch') return { kind };
    throw new UnexpectedReplyError('what became of the key');
  }

  override async store(key: string, fingerprint: string, answer: StoredAnswer): Promise<void> {
    const args = [fingerprint, JSON.stringify(answer), DAY_MS];
    await STORE.runIdempotent(this.redis.http, [this.nameOf(key), this.keys.idempotency], args);
  }

  override async forget(key: string): Promise<void> {
    await unwrapReply(this.redis.http.del(this.nameOf(key)));
  }

  /** Hashes the client's key, which may be long or secret. */
  private nameOf(key: string): string {
    return `${this.keys.idempotency}:${createHash('sha256').update(key).digest('hex')}`;
  }
}

function readAnswer(json: string): StoredAnswer {
  const answer: unknown = JSON.parse(json);
  if (!isObject(answer) || typeof answer['status'] !== 'number') throw new UnexpectedReplyError('an answer');
  const headers = isObject(answer['headers']) ? Object.entries(answer['headers']) : [];
  return {
    status: answer['status'],
    headers: Object.fromEntries(headers.map(([name, value]) => [name, String(value)])),
    body: answer['body'],
  };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
