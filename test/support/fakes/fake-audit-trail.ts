import { type AuditPage, type AuditRecord, AuditTrail } from '#core';

/** Records that a test puts there, newest first. The cursor is the id of the last record of a page. */
export class FakeAuditTrail extends AuditTrail {
  records: AuditRecord[] = [];
  bytes = 0;

  override async list({ limit, cursor }: { limit: number; cursor?: string }): Promise<AuditPage> {
    const start = this.records.findIndex(({ id }) => id === cursor) + 1;
    if (cursor !== undefined && start === 0) throw new RangeError('malformed cursor');
    const items = this.records.slice(start, start + limit);
    return { items, nextCursor: this.records.length > start + limit ? (items.at(-1)?.id ?? null) : null };
  }

  override async bytesOfLastHour(): Promise<number> {
    return this.bytes;
  }
}
