import { type AuditPage, type AuditRecord, AuditTrail } from '#core';
import { type RedisConnections, unwrapReply } from '#redis';
import { type QueueKeys, queueKeys } from '../queue-keys.js';
import type { QueueSettings } from '../queue-settings.js';
import { bytes, list } from '../replies.js';

/** Stream ids, see https://redis.io/docs/latest/develop/data-types/streams/#entry-ids */
const STREAM_ID = /^(\d{1,15})-\d{1,15}$/;
/** Fields of every record. Other fields become `details`. */
const COMMON = new Set(['operation_id', 'operation', 'actor', 'request_id', 'note', 'element']);

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
