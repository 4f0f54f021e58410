import { randomUUID } from 'node:crypto';
import {
  type DeadLetter,
  type DeadLetterFilter,
  type DeadLetterPage,
  DeadLetters,
  type OperatorAction,
  type ReplayResult,
} from '#core';
import { readDeadLetter } from '#messages';
import { LuaScript, type RedisConnections, replyOf } from '#redis';
import { fromCursor, OLDEST, toCursor } from './dead-letter-position.js';
import { DeadLetterWalk } from './dead-letter-walk.js';
import { type QueueKeys, queueKeys } from './queue-keys.js';
import type { QueueSettings } from './queue-settings.js';
import { text, UnexpectedReply } from './replies.js';

const REPLAY = new LuaScript(new URL('./lua/meta.lua', import.meta.url), new URL('./lua/replay.lua', import.meta.url));

/** Entries that one call looks at. A rare filter gives short pages with a cursor, not long requests. */
const MOST_LOOKED_AT = 5_000;
const DERIVED_ID = /^[0-9a-f]{40}$/;

/** The dead letters in the Redis list that the producer writes to as well. */
export class RedisDeadLetters extends DeadLetters {
  private readonly keys: QueueKeys;
  private readonly walk: DeadLetterWalk;

  constructor(
    private readonly redis: RedisConnections,
    settings: Pick<QueueSettings, 'queueName' | 'braced'>,
  ) {
    super();
    this.keys = queueKeys(settings.queueName, settings);
    this.walk = new DeadLetterWalk(redis.http, this.keys.deadLetter);
  }

  /**
   * A page may hold fewer entries than `limit`, or none, and still have a next one.
   *
   * @throws RangeError for a cursor that no page gave out
   */
  override async list(page: { limit: number; cursor?: string; filter?: DeadLetterFilter }): Promise<DeadLetterPage> {
    const start = page.cursor === undefined ? OLDEST : fromCursor(page.cursor);
    const total = await replyOf(this.redis.http.llen(this.keys.deadLetter));
    const items: DeadLetter[] = [];
    let lookedAt = 0;
    for await (const { element, next } of this.walk.from(start)) {
      const letter = readDeadLetter(element);
      if (matches(letter, page.filter)) items.push(letter);
      lookedAt += 1;
      if (items.length < page.limit && lookedAt < MOST_LOOKED_AT) continue;
      return { items, nextCursor: next.offset < total ? toCursor(next) : null, total };
    }
    return { items, nextCursor: null, total };
  }

  override async find(id: string): Promise<DeadLetter | null> {
    for await (const { element } of this.walk.from(OLDEST)) {
      if (!DERIVED_ID.test(id) && !element.includes(id)) continue;
      const letter = readDeadLetter(element);
      if (letter.id === id) return letter;
    }
    return null;
  }

  override async replay(entry: DeadLetter, action: OperatorAction): Promise<ReplayResult> {
    if (entry.originalMessage === null) return 'unreplayable';
    const { deadLetter, main, meta, stalls, audit } = this.keys;
    const reply = await REPLAY.runUntilReplied(
      this.redis.http,
      [deadLetter, main, meta, stalls, audit],
      [
        entry.raw,
        entry.originalMessage,
        entry.replayCount + 1,
        randomUUID(),
        entry.id,
        action.actor,
        action.requestId,
        action.note ?? '',
      ],
    );
    return replayResult(text(reply));
  }
}

function matches(letter: DeadLetter, filter: DeadLetterFilter = {}): boolean {
  return (
    (filter.reason === undefined || letter.reason === filter.reason) &&
    (filter.modelId === undefined || letter.modelId === filter.modelId)
  );
}

function replayResult(result: string): ReplayResult {
  if (result === 'replayed' || result === 'gone') return result;
  throw new UnexpectedReply('replayed or gone');
}
