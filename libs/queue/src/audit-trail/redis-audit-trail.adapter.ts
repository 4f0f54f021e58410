import { type AuditPage, type AuditRecord, AuditTrail } from '#core';
import { type RedisConnections, unwrapReply } from '#redis';
import { type QueueKeys, queueKeys } from '../queue-keys.js';
import type { QueueSettings } from '../queue-settings.js';
import { bytes, list } from '../replies.js';

/** Stream ids, see https://redis.io/docs/latest/develop/data-types/streams/#entry-ids */
const STREAM_ID = /^(\d{1,15})-\d{1,15}$/;
const HOUR_MS = 3_600_000;
/** Fields of every record. Other fields become `details`. */
const COMMON = new Set(['operation_id', 'operation', 'actor', 'request_id', 'note', 'element', 'written']);

/** The audit stream of one queue. */
export class RedisAuditTrail extends AuditTrail {
  private readonly keys: QueueKeys;

  constructor(
    private readonly redis: RedisConnections,
    settings: Pick<QueueSettings, 'queueName' | 'braced'>,
  ) {
    super();
    this.keys = queueKeys(settings.queueName, settings);
  }

  override async list({ limit, cursor }: { limit: number; cursor?: string }): Promise<AuditPage> {
    if (cursor !== undefined && !STREAM_ID.test(cursor)) throw new RangeError('malformed cursor');
    const newest = cursor === undefined ? '+' : `(${cursor}`;
    const reply = list(
      await unwrapReply(this.redis.http.xrevrangeBuffer(this.keys.audit, newest, '-', 'COUNT', limit + 1)),
    );
    const items = reply.slice(0, limit).map((record) => read(list(record)));
    return { items, nextCursor: reply.length > limit ? (items.at(-1)?.id ?? null) : null };
  }

  override async bytesOfLastHour(): Promise<number> {
    const { http } = this.redis;
    const { audit } = this.keys;
    const [seconds] = await unwrapReply(http.time());
    const before = String(Number(seconds) * 1_000 - HOUR_MS);
    const [newest, last, oldest] = await Promise.all([
      unwrapReply(http.xrevrange(audit, '+', '-', 'COUNT', 1)),
      unwrapReply(http.xrevrange(audit, before, '-', 'COUNT', 1)),
      unwrapReply(http.xrange(audit, '-', '+', 'COUNT', 1)),
    ]);
    return writtenAt(newest[0]) - writtenAt(last[0] ?? oldest[0]);
  }
}

/** Returns the sum that the record carries, see `audit.lua`. */
function writtenAt(record: readonly [id: string, fields: readonly string[]] | undefined): number {
  const fields = record?.[1] ?? [];
  const at = fields.findIndex((name, index) => index % 2 === 0 && name === 'written');
  return at === -1 ? 0 : Number(fields[at + 1]) || 0;
}

function read([streamId, content]: readonly unknown[]): AuditRecord {
  const id = bytes(streamId).toString('latin1');
  const found = fieldsOf(list(content));
  const text = (name: string) => found.get(name)?.toString('utf8') ?? '';
  const details = [...found.keys()].filter((name) => !COMMON.has(name)).map((name) => [name, text(name)] as const);
  const note = text('note');
  return {
    id,
    at: Number(STREAM_ID.exec(id)?.[1]),
    operation: text('operation'),
    actor: text('actor'),
    requestId: text('request_id'),
    note: note === '' ? null : note,
    details: Object.fromEntries(details),
    element: found.get('element') ?? null,
  };
}

function fieldsOf(parts: readonly unknown[]): ReadonlyMap<string, Buffer> {
  const found = new Map<string, Buffer>();
  for (let at = 0; at < parts.length; at += 2) found.set(bytes(parts[at]).toString('latin1'), bytes(parts[at + 1]));
  return found;
}
