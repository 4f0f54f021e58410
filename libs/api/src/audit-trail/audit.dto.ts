import { Shown, ShownAsItCame, ShownList } from '../openapi/shown.decorator.js';

/** What an operator did. An operation may keep more, such as `entry_id`, in texts. */
export class AuditRecordDto {
  readonly [detail: string]: unknown;
  @Shown('text', 'grows with time')
  readonly id!: string;
  @Shown('instant', 'when, by the clock of Redis')
  readonly at!: string;
  @Shown('text', 'such as `replay`, `discard` or `pause`')
  readonly operation!: string;
  @Shown('text', 'id of the token')
  readonly actor!: string;
  @Shown('text', 'id of the request')
  readonly request_id!: string;
  @Shown('text', 'why', { orNull: true })
  readonly note!: string | null;
  @ShownAsItCame('the whole dead letter that was discarded: JSON where it is JSON, else text', { optional: true })
  readonly entry?: unknown;
}

/** One page, newest first. */
export class AuditPageDto {
  @ShownList(AuditRecordDto, 'newest first')
  readonly items!: readonly AuditRecordDto[];
  @Shown('text', '`cursor` of the next page; null on the last', { orNull: true })
  readonly next_cursor!: string | null;
}

/** A dead letter that is back in the list. */
export class RestoredDto {
  @Shown('text', 'audit record that held it')
  readonly audit_id!: string;
  @Shown('text', 'what was done', { oneOf: ['restored'] })
  readonly result!: 'restored';
}
