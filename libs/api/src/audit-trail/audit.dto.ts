import { ApiProperty, ApiPropertyOptional } from '../openapi/swagger.decorator.js';
import { ANY_JSON } from '../openapi/schemas.js';

/** What an operator did. An operation may keep more, such as `entry_id`, in texts. */
export class AuditRecordDto {
  readonly [detail: string]: unknown;
  @ApiProperty({ type: 'string', description: 'grows with time' })
  readonly id!: string;
  @ApiProperty({ type: 'string', format: 'date-time', description: 'when, by the clock of Redis' })
  readonly at!: string;
  @ApiProperty({ type: 'string', description: 'such as `replay`, `discard` or `pause`' })
  readonly operation!: string;
  @ApiProperty({ type: 'string', description: 'id of the token' })
  readonly actor!: string;
  @ApiProperty({ type: 'string', description: 'id of the request' })
  readonly request_id!: string;
  @ApiProperty({ type: 'string', nullable: true, description: 'why' })
  readonly note!: string | null;
  @ApiPropertyOptional({
    ...ANY_JSON,
    description: 'the whole dead letter that was discarded: JSON where it is JSON, else text',
  })
  readonly entry?: unknown;
}

/** One page, newest first. */
export class AuditPageDto {
  @ApiProperty({ type: [AuditRecordDto], description: 'newest first' })
  readonly items!: readonly AuditRecordDto[];
  @ApiProperty({ type: 'string', nullable: true, description: '`cursor` of the next page; null on the last' })
  readonly next_cursor!: string | null;
}

/** A dead letter that is back in the list. */
export class RestoredDto {
  @ApiProperty({ type: 'string', description: 'audit record that held it' })
  readonly audit_id!: string;
  @ApiProperty({ type: 'string', enum: ['restored'], description: 'what was done' })
  readonly result!: 'restored';
}
