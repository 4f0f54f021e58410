import { randomUUID } from 'node:crypto';
import {
  type DeadLetter,
  type DeadLetterFilter,
  type DeadLetterPage,
  DeadLetters,
  type DiscardResult,
  matchesFilter,
  type OperatorAction,
  type ReplayResult,
  type RestoreResult,
} from '#core';
import { readDeadLetter } from '#messages';
import { LuaScript, type RedisConnections, unwrapReply } from '#redis';
import { auditArguments } from '../audit-trail/audit-arguments.js';
import { positionAfter, fromCursor, OLDEST, type CursorPosition, toCursor } from './dead-letter-cursor.js';
import { DeadLetterFinder } from './dead-letter-finder.js';
import { DeadLetterScan } from './dead-letter-scan.js';
import { type QueueKeys, queueKeys } from '../queue-keys.js';
import type { QueueSettings } from '../queue-settings.js';
import { text, UnexpectedReplyError } from '../replies.js';

const CLOCK = new URL('../lua/clock.lua', import.meta.url);
const AUDIT = new URL('../lua/audit.lua', import.meta.url);
const REPLAY = new LuaScript(
  CLOCK,
  AUDIT,
  new URL('../lua/meta.lua', import.meta.url),
  new URL('../lua/requeue.lua', import.meta.url),
  new URL('../lua/replay.lua', import.meta.url),
);
const DISCARD = new LuaScript(CLOCK, AUDIT, new URL('../lua/discard.lua', import.meta.url));
const RESTORE = new LuaScript(CLOCK, AUDIT, new URL('../lua/restore.lua', import.meta.url));

/** Maximum entries scanned per page. A rare filter yields short pages with a cursor. */
const MAX_SCANNED = 1_000;
/** A complete stream id. */
const STREAM_ID = /^\d{1,15}-\d{1,15}$/;

/**
 * The dead letters on a Redis list shared with the producer. Removes entries by their bytes; one in the middle of a
 * million blocks Redis for about 50 ms.
 */
export class RedisDeadLetters extends DeadLetters {
  private readonly keys: QueueKeys;
  private readonly scan: DeadLetterScan;
  private readonly finder: DeadLetterFinder;

  constructor(
    private readonly redis: RedisConnections,
    settings: Pick<QueueSettings, 'queueName' | 'braced'>,
  ) {
    super();
    this.keys = queueKeys(settings.queueName, settings);
    this.scan = new DeadLetterScan(redis.http, this.keys.deadLetter);
    this.finder = new DeadLetterFinder(this.scan);
  }

  override async list(page: { limit: number; cursor?: string; filter?: DeadLetterFilter }): Promise<DeadLetterPage> {
    const start = page.cursor === undefined ? OLDEST : fromCursor(page.cursor);
    const total = await unwrapReply(this.redis.http.llen(this.keys.deadLetter));
    const items: DeadLetter[] = [];
    let begin: CursorPosition | null = null;
    let lookedAt = 0;
    for await (const { place, elements } of this.scan.from(start)) {
      begin ??= place;
      for (const [index, element] of elements.entries()) {
        const letter = readDeadLetter(element);
        lookedAt += 1;
        if (matchesFilter(letter, page.filter ?? {})) {
          items.push(letter);
          this.finder.remember(letter.id, place.offset + index);
        }
        if (items.length < page.limit && lookedAt < MAX_SCANNED) continue;
        const next = positionAfter(place, elements.slice(0, index + 1));
        const nextCursor = next.offset < total ? toCursor(next) : null;
        return { items, cursor: toCursor(begin), nextCursor, total };
      }
    }
    return { items, cursor: toCursor(begin ?? start), nextCursor: null, total };
  }

  override cursorAfter(cursor: string, passed: readonly DeadLetter[]): string {
    return toCursor(
      positionAfter(
        fromCursor(cursor),
        passed.map(({ element }) => element),
      ),
    );
  }

  override async find(id: string): Promise<DeadLetter | null> {
    return (await this.findAll([id])).get(id) ?? null;
  }

  override async findAll(ids: readonly string[]): Promise<ReadonlyMap<string, DeadLetter>> {
    return await this.finder.findAll(ids);
  }

  override async replay(entry: DeadLetter, action: OperatorAction): Promise<ReplayResult> {
    if (entry.originalMessage === null) return 'unreplayable';
    const { deadLetter, main, meta, stalls, audit } = this.keys;
    const { id, element, originalMessage, replayCount } = entry;
    const args = [element, originalMessage, replayCount + 1, randomUUID(), id, ...auditArguments(action)];
    const reply = await REPLAY.runIdempotent(this.redis.http, [deadLetter, main, meta, stalls, audit], args);
    const result = text(reply);
    if (result === 'replayed' || result === 'gone') return result;
    throw new UnexpectedReplyError('replayed or gone');
  }

  override async discard(entry: DeadLetter, action: OperatorAction): Promise<DiscardResult> {
    const { deadLetter, audit } = this.keys;
    const args = [entry.element, randomUUID(), entry.id, ...auditArguments(action)];
    const auditId = await DISCARD.runIdempotent(this.redis.http, [deadLetter, audit], args);
    return auditId === null ? { result: 'gone' } : { result: 'discarded', auditId: text(auditId) };
  }

  override async restore(auditId: string, action: OperatorAction): Promise<RestoreResult> {
    if (!STREAM_ID.test(auditId)) return 'unknown';
    const { deadLetter, audit, restored } = this.keys;
    const args = [auditId, randomUUID(), ...auditArguments(action)];
    const result = text(await RESTORE.runIdempotent(this.redis.http, [deadLetter, audit, restored], args));
    if (result === 'restored' || result === 'already_restored' || result === 'unknown') return result;
    throw new UnexpectedReplyError('restored, already_restored or unknown');
  }
}
